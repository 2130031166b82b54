"""What people sign in the rooms of the portal: how they come to it, and what is on the sheet in the end."""

from __future__ import annotations

import asyncio
import multiprocessing
from concurrent.futures import ProcessPoolExecutor

import httpx

from eid.inspection import SealReport, check
from portal.database import Database
from portal.demo.plan import Plan
from portal.session import now
from services.signing import store
from tests.rooms.portal.visitor import Visitor, application_of, choices, section_of


async def for_her_child(visitor: Visitor, service: str, **answers: str) -> httpx.Response:
    """Answer everything for one's first child and return the check."""
    page = await visitor.begins(service)
    sections = f"/sq/applications/{application_of(page)}/sections"
    whom = await visitor.get(f"{sections}/whom")
    child = next(value for name, value in choices(whom) if name == "whom" and value != "self")
    page = await visitor.answers(whom, whom=child)
    for name, value in answers.items():
        page = await visitor.answers(await visitor.get(f"{sections}/{name.replace('_', '-')}"), **{name: value})
    assert section_of(page) == "check"
    return page


async def sent(visitor: Visitor, check: httpx.Response) -> httpx.Response:
    """Send the application and return where that leads."""
    return await visitor.follow(await visitor.send(check, "/submission"))


async def withdraws(visitor: Visitor, page: httpx.Response) -> None:
    """Take back the application whose page this is."""
    asks = await visitor.get(f"/sq/applications/{application_of(page)}/withdrawal")
    await visitor.follow(await visitor.send(asks, "/withdrawal"))


async def until(visitor: Visitor, address: str, words: str) -> httpx.Response:
    """Look again until the page says so, as the page itself does."""
    page = await visitor.follow(await visitor.get(address))
    for _ in range(100):
        if words in page.text:
            return page
        await asyncio.sleep(0.3)
        page = await visitor.follow(await visitor.get(address))
    raise AssertionError(f"{address} never said {words}: {page.text}")


async def report(memory: Database, application_id: object, town: Plan) -> tuple[SealReport, bytes]:
    """Return what the sheet of an application is worth as it stands, and the sheet."""
    async with memory.connect() as connection:
        (first, *_others) = await store.of_application(connection, application_id)  # type: ignore[arg-type]
        kept = await store.sheet(connection, first)
    assert kept is not None
    return await checked(town, kept[1]), kept[1]


async def checked(town: Plan, pdf: bytes) -> SealReport:
    """Return what the signatures of a PDF are worth."""
    return await asyncio.to_thread(_checked, pdf, town)


def _checked(pdf: bytes, town: Plan) -> SealReport:
    roots = (town.directory / "seals" / "root.pem").read_bytes()
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as one:
        return one.submit(check, pdf, roots, now()).result()
