"""A parent sees who looked at her child's data; whoever else it was, the other parent too, stands there by initials."""

from __future__ import annotations

import re
import subprocess
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import asyncpg
import httpx
import pytest
from uuid_utils.compat import uuid7

from portal.database import Database
from portal.demo.plan import Plan
from portal.pages.my_data import LAW, PURPOSE
from services.registers import tracker
from services.registers.facts import Answer, Need
from services.registers.seal import AuditKey
from services.registers.tracker import Reader
from tests.rooms.portal.visitor import ARTA, BESNIK, DRITA, DRITON, Visitor, application_of, choices, links, section_of
from tests.rooms.portal.workers import value

MASKED = "another citizen (D. K.), for an application that concerns your child"


@pytest.fixture
async def driton(new_visitor: Callable[[], Visitor]) -> Visitor:
    """Give Driton, signed in: the father of Arta's children."""
    driton = new_visitor()
    await driton.signs_in(DRITON)
    return driton


async def asks_for_a_childs_extract(parent: Visitor) -> httpx.Response:
    """Begin a birth extract for the parent's first child, and return the check."""
    page = await parent.begins("birth-extract")
    page = await parent.get(f"/sq/applications/{application_of(page)}/sections/whom")
    child = next(number for name, number in choices(page) if name == "whom" and number != "self")
    check = await parent.answers(page, whom=child)
    assert section_of(check) == "check"
    return check


async def children_of(parent: Visitor) -> list[str]:
    """Return where each of the parent's children is looked up."""
    return links(await parent.get("/en/data/children"), "/en/data/children/")


async def test_a_parent_sees_her_own_looks_at_her_child_and_the_other_parents_masked(
    arta: Visitor, driton: Visitor
) -> None:
    his, hers = await asks_for_a_childs_extract(driton), await asks_for_a_childs_extract(arta)
    listed = await arta.get("/en/data/children")
    assert "Lis Krasniqi" in listed.text
    lis, era = await children_of(arta)
    shown = await arta.get(lis)
    assert MASKED in shown.text
    assert f"/en/applications/{application_of(hers)}" in shown.text
    assert str(application_of(his)) not in shown.text
    assert "Driton" not in shown.text
    assert MASKED not in (await arta.get(era)).text
    seen_by_him = await driton.get((await children_of(driton))[0])
    assert "another citizen (A. K.), for an application that concerns your child" in seen_by_him.text
    assert f"/en/applications/{application_of(his)}" in seen_by_him.text
    assert str(application_of(hers)) not in seen_by_him.text


async def test_an_address_names_a_child_to_its_own_parent_only(
    arta: Visitor, driton: Visitor, new_visitor: Callable[[], Visitor]
) -> None:
    besnik = new_visitor()
    await besnik.signs_in(BESNIK)
    hers, his = await children_of(arta), await children_of(driton)
    assert len(hers) == len(his) == 2
    assert not set(hers) & set(his)
    assert not re.search(r"\d{10}", "".join(hers))
    for stranger, address in ((besnik, hers[0]), (driton, hers[0]), (arta, "/en/data/children/1176042318")):
        assert (await stranger.get(address)).status_code == 404


async def test_the_look_at_who_her_children_are_stands_in_her_own_record(arta: Visitor) -> None:
    await arta.get("/en/data/children")
    newest = (await arta.get("/en/data")).text.partition("reads__what")[2]
    assert "You looked at who looked at your children&#39;s data." in newest[:900]


async def test_who_has_no_children_is_told_so(new_visitor: Callable[[], Visitor]) -> None:
    drita = new_visitor()
    await drita.signs_in(DRITA)
    assert "The civil register names no child of yours under 18." in (await drita.get("/en/data/children")).text


async def test_a_parent_questions_a_look_at_her_child(
    arta: Visitor, driton: Visitor, new_visitor: Callable[[], Visitor]
) -> None:
    await asks_for_a_childs_extract(driton)
    shown = await arta.get((await children_of(arta))[0])
    look = shown.text.partition(MASKED)[2].partition("/question")[0].rpartition("/")[2]
    asking = await arta.get(f"/en/data/{look}/question")
    assert MASKED in asking.text
    case = await arta.follow(await arta.send(asking, "/question", {"text": "Për çfarë u duhej?"}))
    assert "You have an answer by" in case.text
    assert (await arta.get(f"/en/data/{look}/question")).status_code == 200
    assert "You questioned this look" in (await arta.get((await children_of(arta))[0])).text
    besnik = new_visitor()
    await besnik.signs_in(BESNIK)
    assert (await besnik.get(f"/en/data/{look}/question")).status_code == 404


async def test_a_child_that_is_grown_is_nobody_elses_affair(arta: Visitor, town: Plan) -> None:
    lis, _era = await children_of(arta)
    registers = await asyncpg.connect(town.databases["registers"])
    aging = "UPDATE registers.person SET birthdate = birthdate + $1::interval WHERE given_name = 'Lis' AND mother = $2"
    assert (await arta.get(lis)).status_code == 200
    try:
        await registers.execute(aging, timedelta(days=-9 * 366), ARTA)
        assert len(await children_of(arta)) == 1
        assert (await arta.get(lis)).status_code == 404
    finally:
        await registers.execute(aging, timedelta(days=9 * 366), ARTA)
        await registers.close()


async def test_while_the_civil_register_is_silent_nobody_is_taken_for_a_parent(arta: Visitor, town: Plan) -> None:
    (lis, *_others) = await children_of(arta)
    async with _silent(town, "civil-status"):
        page = await arta.get(lis)
    assert (page.status_code, "does not answer at the moment" in page.text) == (503, True)
    assert "the register gave no answer" in (await arta.get("/en/data")).text


@pytest.mark.usefixtures("arta")
async def test_a_relative_who_looked_is_masked_on_the_page_and_on_paper(
    driton: Visitor, town: Plan, memory: Database
) -> None:
    arta_id = await value(memory, "SELECT id FROM person WHERE personal_number = $1", ARTA)
    answer = Answer(Need("address", PURPOSE, LAW), uuid7(), datetime.now(UTC), "ok")
    reads = tracker.reads([answer], DRITON, Reader("citizen", arta_id), uuid7(), "portal")
    async with memory.transaction() as connection:
        await tracker.record(connection, reads, AuditKey(town.keys.private_key("PORTAL_AUDIT_KEY")))
    page = (await driton.get("/en/data?who=others")).text
    paper = _text((await driton.get("/en/data/export/reads.pdf")).content)
    for shown in (page, paper):
        assert "another citizen (A. K.)" in shown
        assert "Arta" not in shown


def _text(pdf: bytes) -> str:
    command = ("pdftotext", "-", "-")
    return " ".join(subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode().split())


@asynccontextmanager
async def _silent(town: Plan, register: str) -> AsyncGenerator[None]:
    address = f"{town.address('registers')}/operator/api/faults/{register}"
    async with httpx.AsyncClient(trust_env=False) as operator:
        (await operator.put(address, json={"kind": "down"})).raise_for_status()
        try:
            yield
        finally:
            await operator.delete(address)
