"""A person's own services: marked by her, lately applied for, suggested by registers when she asks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest

from portal.database import Database
from tests.rooms.portal.silence import answering
from tests.rooms.portal.test_silent_registers import another_portal
from tests.rooms.portal.visitor import BESNIK, Visitor, form, links

SUGGESTIONS = "/my-services/suggestions"
_LOOKS = "SELECT fact FROM fact_read WHERE purpose->>'en' = 'To see which services you can apply for.'"


@pytest.fixture
async def besnik(new_visitor: Callable[[], Visitor], memory: Database) -> Visitor:
    """Give Besnik, who has two vehicles, with nothing marked."""
    async with memory.transaction() as connection:
        await connection.execute("DELETE FROM favourite")
    besnik = new_visitor()
    await besnik.signs_in(BESNIK)
    return besnik


async def test_a_marked_service_is_found_again_by_whom_it_was_marked(besnik: Visitor, arta: Visitor) -> None:
    page = await besnik.get("/en/services/plan-copy")
    mark = form(page, "/services/plan-copy/favourite")
    await asyncio.gather(*(besnik.send(page, mark.action) for _twice in range(2)))
    for own in ("/en/my-services", "/en/", "/en/services"):
        assert links(await besnik.get(own), "/en/services/plan-copy"), own
    assert not form_of(await arta.get("/en/my-services"), "/favourite/removal")
    mine = await besnik.follow(await besnik.send(await besnik.get("/en/my-services"), "/favourite/removal"))
    assert mine.url.path == "/en/my-services"
    assert not links(mine, "/en/services/plan-copy")
    again = await besnik.get("/en/services/plan-copy")
    assert form(again, "/services/plan-copy/favourite")
    nothing = await besnik.http.post("/en/services/nothing/favourite", data=form(again, "/favourite").fields)
    assert nothing.status_code == 404


def form_of(page: httpx.Response, action: str) -> bool:
    """Tell whether a page has such a form."""
    return f'{action}"' in page.text


async def test_what_was_applied_for_is_found_again_and_what_was_looked_at_is_not(besnik: Visitor) -> None:
    await besnik.get("/en/services/apostille")
    await besnik.begins("residence-certificate")
    mine = await besnik.get("/en/my-services")
    assert "You lately applied for" in mine.text
    assert links(mine, "/en/services/residence-certificate")
    assert not links(mine, "/en/services/apostille")


async def test_registers_suggest_services_only_when_besnik_asks(besnik: Visitor, memory: Database) -> None:
    async def looks() -> list[str]:
        async with memory.connect() as connection:
            return [row["fact"] for row in await connection.fetch(_LOOKS)]

    for page in ("/en/", "/en/services", "/en/my-services"):
        await besnik.get(page)
    before = await besnik.get(f"/en{SUGGESTIONS}")
    assert await looks() == []
    nothing = await besnik.send(before, SUGGESTIONS)
    assert nothing.status_code == 422
    assert "Choose at least one register." in nothing.text
    assert await looks() == []
    some = await besnik.send(before, SUGGESTIONS, {"registers": ["vehicles", "civil-status", "nothing"]})
    assert "Because you have 2 vehicles" in some.text
    assert links(some, "/en/services/registration-renewal")
    assert not links(some, "/en/services/ownership-certificate"), "the cadastre was not asked"
    read = await looks()
    assert sorted(read) == sorted(set(read)), "each fact once, however many services read it"
    assert {"vehicles", "person"} <= set(read)
    assert not {"properties", "convictions", "income"} & set(read)


async def test_a_register_that_is_silent_is_named(
    besnik: Visitor, new_portal: Callable[..., Awaitable[httpx.AsyncClient]]
) -> None:
    async with answering("500 Internal Server Error", b"") as broken:
        visitor = await another_portal(await new_portal(PORTAL_REGISTERS_URL=broken), besnik)
        before = await visitor.get(f"/en{SUGGESTIONS}")
        page = await visitor.send(before, SUGGESTIONS, {"registers": ["vehicles"]})
    assert page.status_code == 200
    assert "These could not be asked" in page.text
    assert "Register of vehicles" in page.text
    assert "suggests nothing in particular" in page.text
