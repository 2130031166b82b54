"""What people do who sign at the portal: read, prepare, authorise at their eID, and see what came of it."""

from __future__ import annotations

import asyncio
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from urllib.parse import urljoin

import httpx

from eid.inspection import SealReport, check
from portal.database import Database
from portal.demo.plan import Plan
from portal.session import now
from services.signing import store
from tests.rooms.portal.visitor import ARTA, BESNIK, DRITON, MILICA, Visitor, application_of, links

PIN2 = {ARTA: "11111", MILICA: "22222", BESNIK: "33333", DRITON: "88888"}


async def sends(visitor: Visitor, check: httpx.Response) -> httpx.Response:
    """Send what was checked, and return the page where that leads: to be signed, or decided."""
    return await visitor.follow(await visitor.send(check, "/submission"))


async def prepares(visitor: Visitor, page: httpx.Response) -> httpx.Response:
    """Let the sheet be prepared; the eID, where she is signed in, asks her nothing for that."""
    prepared = await visitor.follow(await visitor.send(page, "/signature/preparation"))
    assert str(prepared.url).startswith(visitor.portal), prepared.url
    assert 'id="digits"' in prepared.text, prepared.text
    return prepared


async def signs(visitor: Visitor, page: httpx.Response, number: str) -> httpx.Response:
    """Prepare, authorise by PIN2, and return where that leads."""
    prepared = await prepares(visitor, page)
    return await authorises(visitor, await visitor.follow(await visitor.send(prepared, "/signature")), number)


async def authorises(visitor: Visitor, at_the_eid: httpx.Response, number: str) -> httpx.Response:
    """Give PIN2 on one's phone and go back."""
    waiting = await visitor.follow(await visitor.send(at_the_eid, "/phone"))
    phone = await visitor.get(urljoin(visitor.eid, links(waiting, "/phone/requests/")[0]))
    approved = await visitor.follow(await visitor.send(phone, "/approval", {"pin": PIN2[number]}))
    back = await visitor.get(urljoin(visitor.eid, links(approved, "/signature/")[0]))
    return await visitor.follow(back)


async def withdraws(visitor: Visitor, page: httpx.Response) -> None:
    """Take the application back."""
    asks = await visitor.get(f"/sq/applications/{application_of(page)}/withdrawal")
    await visitor.follow(await visitor.send(asks, "/withdrawal"))


async def waits_for(visitor: Visitor, address: str, words: str) -> httpx.Response:
    """Look again until the page says so, as the page itself does."""
    page = await visitor.follow(await visitor.get(address))
    for _ in range(100):
        if words in page.text:
            return page
        await asyncio.sleep(0.3)
        page = await visitor.follow(await visitor.get(address))
    raise AssertionError(f"{address} never said {words}: {page.text}")


async def inspects(memory: Database, application_id: object, town: Plan) -> tuple[SealReport, bytes]:
    """Return what the signed sheet of an application proves, and the sheet."""
    async with memory.connect() as connection:
        (first, *_others) = await store.of_application(connection, application_id)  # type: ignore[arg-type]
        kept = await store.sheet(connection, first)
    assert kept is not None
    return await asyncio.to_thread(_checked, kept[1], town), kept[1]


def _checked(pdf: bytes, town: Plan) -> SealReport:
    roots = (town.directory / "seals" / "root.pem").read_bytes()
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as one:
        return one.submit(check, pdf, roots, now()).result()
