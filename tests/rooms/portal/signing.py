"""What people do who sign at their eID: have the sheet prepared, and authorise it by PIN2."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urljoin

import httpx

from tests.rooms.portal.visitor import ARTA, BESNIK, DRITON, MILICA, Visitor, links

PIN2 = {ARTA: "11111", MILICA: "22222", BESNIK: "33333", DRITON: "88888"}


async def prepares(visitor: Visitor, page: httpx.Response) -> httpx.Response:
    """Let the sheet be prepared; the eID, where she is signed in, asks her nothing for that."""
    return await prepares_at(visitor, page, "/signature/preparation")


async def prepares_at(
    visitor: Visitor, page: httpx.Response, action: str, typed: Mapping[str, str] | None = None
) -> httpx.Response:
    """Let what a form of the page leads to be prepared, and return the page with its digits."""
    prepared = await visitor.follow(await visitor.send(page, action, typed))
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
