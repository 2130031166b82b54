"""A stronger sign-in: the same person, the same page, and whatever she was signed in as before stays when it fails."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest

from portal.database import Database
from portal.demo.plan import Plan
from tests.rooms.eid.fault import goes_right, goes_wrong
from tests.rooms.portal.visitor import ARTA, DRITA, PINS, Visitor, forms

Log = Callable[[httpx.Response], Awaitable[dict[str, Any]]]
HIGHER = "/en/sign-in?level=high&next=/data"


@pytest.fixture(autouse=True)
async def right_again(town: Plan) -> AsyncIterator[None]:
    """Let the eID answer rightly after each test."""
    yield
    await goes_right(town.address("eid"))


async def _by_card(visitor: Visitor, page: httpx.Response, number: str = DRITA) -> httpx.Response:
    """Prove at the eID, by card, who one is; return the portal's page."""
    choice = forms(page)[0].action.partition("?")[0]
    asked = await visitor.follow(await visitor.send(page, choice, {"personal_number": number, "means": "card"}))
    return await visitor.follow(await visitor.send(asked, "/card", {"pin": PINS[number]}))


async def _levels(memory: Database, number: str) -> list[str]:
    async with memory.connect() as connection:
        rows = await connection.fetch(
            "SELECT acr FROM session s JOIN person p ON p.id = s.person_id WHERE p.personal_number = $1"
            " ORDER BY s.created_at",
            number,
        )
    return [row["acr"] for row in rows]


async def test_she_signs_in_more_strongly_and_stands_where_she_wanted_to_go(visitor: Visitor, memory: Database) -> None:
    await visitor.signs_in(DRITA)
    before = visitor.cookies["portal-session"]
    asked = await visitor.at_the_eid(HIGHER)
    assert "Drita" in asked.text, "nobody else is asked for"
    page = await _by_card(visitor, asked)
    assert (page.status_code, page.url.path) == (200, "/en/data")
    assert visitor.cookies["portal-session"] != before
    assert (await _levels(memory, DRITA))[-1] == "high"
    # Once she is signed in so strongly, she is not asked again.
    assert (await visitor.at_the_eid(HIGHER)).url.path == "/en/data"


async def test_nothing_of_her_stands_in_the_address_that_asks_for_her(visitor: Visitor) -> None:
    await visitor.signs_in(DRITA)
    to = (await visitor.get(HIGHER)).headers["location"]
    assert re.search(r"\?client_id=portal&request_uri=[^&]+$", to)
    assert DRITA not in to


async def test_another_person_who_comes_back_is_refused_and_she_stays_signed_in(visitor: Visitor, log: Log) -> None:
    await visitor.signs_in(DRITA)
    before = visitor.cookies["portal-session"]
    asked = await visitor.at_the_eid(HIGHER)
    await goes_wrong(visitor.eid, "another_person", client="portal")
    page = await _by_card(visitor, asked)
    assert (page.status_code, (await log(page))["code"]) == (409, "another_person")
    assert "You are signed in as before" in page.text
    assert "Drita Berisha" in page.text
    assert 'href="/en/sign-in?next=/data&amp;level=high"' in page.text
    assert visitor.cookies["portal-session"] == before
    assert (await visitor.get("/en/applications")).status_code == 200
    assert (await visitor.at_the_eid(HIGHER)).url.path == "/en/data", "she proved herself there, and need not again"


async def test_who_gives_up_is_signed_in_as_before(visitor: Visitor, log: Log) -> None:
    await visitor.signs_in(ARTA)
    asked = await visitor.at_the_eid(HIGHER)
    cancellation = next(each.action for each in forms(asked) if "cancellation" in each.action)
    page = await visitor.follow(await visitor.send(asked, cancellation.partition("?")[0]))
    assert (page.status_code, (await log(page))["code"]) == (409, "cancelled")
    assert "You are signed in as before" in page.text
    assert (await visitor.get("/en/applications")).status_code == 200


async def test_a_level_that_does_not_exist_is_no_fault(visitor: Visitor) -> None:
    assert (await visitor.get("/en/sign-in?level=highest")).status_code == 400
