"""Applying when people click twice, work on two devices, and when the registers do not answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from portal.database import Database
from portal.demo.plan import Plan
from tests.rooms.portal.silence import answering, hanging
from tests.rooms.portal.visitor import DRITA, EMINE, Visitor, application_of, form, section_of

Log = Callable[[httpx.Response], Awaitable[dict[str, Any]]]
Portal = Callable[..., Awaitable[httpx.AsyncClient]]


@pytest.fixture
async def emine(new_visitor: Callable[[], Visitor]) -> Visitor:
    """Give Emine, signed in, without any draft."""
    emine = new_visitor()
    page = await emine.signs_in(EMINE)
    for service in ("birth-extract", "residence-certificate"):
        draft = await emine.begins(service)
        address = f"/sq/applications/{application_of(draft)}"
        await emine.send(await emine.get(f"{address}/withdrawal"), "/withdrawal")
    assert page.is_success
    return emine


async def _as_she(portal: httpx.AsyncClient, visitor: Visitor) -> httpx.AsyncClient:
    """Let another portal on the same database know her."""
    for name in ("portal-session", "portal-csrf"):
        portal.cookies.set(name, visitor.cookies[name])
    return portal


async def _begun(portal: httpx.AsyncClient, service: str) -> httpx.Response:
    page = await portal.get(f"/en/services/{service}/start")
    return await portal.post(f"/en/services/{service}/applications", data=form(page, "/applications").fields)


async def test_a_double_click_begins_one_application(emine: Visitor, memory: Database) -> None:
    page = await emine.get("/sq/services/birth-extract/start")
    answers = await asyncio.gather(*(emine.send(page, "/services/birth-extract/applications") for _ in range(5)))
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["location"] for answer in answers}) == 1


async def test_a_double_click_sends_one_application(emine: Visitor, memory: Database) -> None:
    check = await emine.begins("birth-extract")
    answers = await asyncio.gather(*(emine.send(check, "/submission") for _ in range(4)))
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["location"] for answer in answers}) == 1
    async with memory.connect() as connection:
        billed = await connection.fetchval(
            "SELECT count(*) FROM application_event WHERE application_id = $1 AND step = 'bill'", application_of(check)
        )
    assert billed == 1


async def test_what_was_changed_on_another_device_is_not_sent_unseen(emine: Visitor) -> None:
    page = await emine.asks_for_residence()
    old = await emine.answers(page, purpose_other="Për banesë")
    await emine.answers(page, purpose_other="Për shkollë")
    answer = await emine.send(old, "/submission")
    assert answer.status_code == 409
    assert "reference" in answer.text


async def test_wrong_answers_come_back_as_they_were_typed_with_every_error(emine: Visitor) -> None:
    page = await emine.asks_for_residence()
    typed = "x" * 3000 + "\0<b>"
    answer = await emine.send(page, f"/{section_of(page)}", {"purpose_other": typed})
    assert answer.status_code == 422
    assert "x" * 3000 in answer.text
    assert "<b>" not in answer.text.partition("<main")[2]


async def test_a_register_that_is_down_costs_one_line(emine: Visitor, new_portal: Portal, memory: Database) -> None:
    async with answering("200 OK", b"<html>Under construction</html>") as elsewhere:
        portal = await _as_she(await new_portal(PORTAL_REGISTERS_URL=elsewhere), emine)
        page = await _begun(portal, "residence-certificate")
        draft = page.headers["location"].partition("/sections")[0]
        asked = await portal.get(page.headers["location"])
        assert "Central Civil Status Register: it does not answer" in asked.text
        assert "Register of addresses: it does not answer" not in asked.text  # nobody asked it: whose address is open
        # The draft is there, and none of its pages breaks without facts.
        for path in ("", "/check", "/sections/whom", "/sections/purpose", "/sections/purpose-other"):
            assert (await portal.get(f"{draft}{path}")).status_code in {200, 303, 404}, path
    assert (await emine.begins("residence-certificate")).is_success


async def test_what_is_typed_while_a_register_is_down_is_saved(
    new_visitor: Callable[[], Visitor], new_portal: Portal, memory: Database
) -> None:
    drita = new_visitor()
    await drita.signs_in(DRITA)
    page = await drita.asks_for_residence()
    async with memory.transaction() as connection:  # what the registers said is two days old
        await connection.execute(
            """
            UPDATE application SET facts = (SELECT jsonb_agg(fact || '{"fetched_at": "2020-01-01T00:00:00Z"}')
              FROM jsonb_array_elements(facts) AS fact) WHERE id = $1
            """,
            application_of(page),
        )
    async with answering("500 Internal Server Error", b"") as broken:
        portal = await _as_she(await new_portal(PORTAL_REGISTERS_URL=broken), drita)
        shown = form(await portal.get(page.url.path), f"/{section_of(page)}").fields
        answer = await portal.post(page.url.path, data=shown | {"purpose_other": "E ruajtur"})
        assert answer.headers["location"].endswith("/check")
        assert 'id="silent"' in (await portal.get(answer.headers["location"])).text
    assert form(await drita.get(page.url.path), f"/{section_of(page)}").fields["purpose_other"] == "E ruajtur"


async def test_registers_that_hang_hold_up_nobody_else(emine: Visitor, new_portal: Portal) -> None:
    async with hanging() as silent:
        portal = await _as_she(await new_portal(PORTAL_REGISTERS_URL=silent, PORTAL_POOL_SIZE="2"), emine)
        waiting = [asyncio.create_task(_begun(portal, "birth-extract")) for _ in range(20)]
        await asyncio.sleep(0.5)
        began = time.monotonic()
        others = await asyncio.gather(*(portal.get(path) for path in ("/en/applications", "/en/notices") * 10))
        assert time.monotonic() - began < 2
        assert {answer.status_code for answer in others} == {200}
        assert {(await answer).status_code for answer in waiting} == {303}


async def test_an_eid_that_hangs_holds_up_nobody_else(emine: Visitor, new_portal: Portal) -> None:
    async with hanging() as silent:
        portal = await _as_she(await new_portal(PORTAL_EID_ISSUER=silent, PORTAL_POOL_SIZE="2"), emine)
        waiting = [asyncio.create_task(portal.get("/en/sign-in")) for _ in range(20)]
        await asyncio.sleep(0.2)
        began = time.monotonic()
        assert (await portal.get("/en/applications")).status_code == 200
        assert time.monotonic() - began < 1
        assert {(await answer).status_code for answer in waiting} == {503}
        assert time.monotonic() - began < 10  # together, and not one after another


async def test_whoever_is_not_signed_in_surely_enough_is_asked_to_before_anything_is_fetched(
    emine: Visitor, memory: Database, town: Plan
) -> None:
    page = await emine.get("/sq/services/birth-extract/start")
    async with memory.transaction() as connection:
        await connection.execute(
            "UPDATE session SET acr = 'low' WHERE person_id = (SELECT id FROM person WHERE personal_number = $1)", EMINE
        )
        reads = await connection.fetchval("SELECT count(*) FROM fact_read WHERE subject = $1", EMINE)
    answer = await emine.send(page, "/services/birth-extract/applications")
    assert answer.headers["location"] == "/sq/services/birth-extract/start"
    async with memory.connect() as connection:
        assert await connection.fetchval("SELECT count(*) FROM fact_read WHERE subject = $1", EMINE) == reads
