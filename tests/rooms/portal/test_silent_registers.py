"""Whatever is wrong with a register, each service can be applied for; what it owes is fetched when it is back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest

from portal.database import Database
from portal.demo.plan import Plan
from portal.fetching import Fetcher
from portal.parties import Parties
from portal.queue import enqueue
from portal.session import now
from portal.settings import Settings, names
from services.applications import casework
from services.applications.application import State
from services.catalogue.load import catalogue
from services.catalogue.service import Service
from services.registers.facts import FACTS, REGISTERS
from services.registers.seal import AuditKey
from tests.rooms.applications.conftest import known
from tests.rooms.portal.answering import answers
from tests.rooms.portal.breaking import Operator
from tests.rooms.portal.visitor import Visitor, application_of, links, section_of
from tests.rooms.portal.workers import Working, is_issued

FAULTS = ("down", "slow", "html", "wrong_person", "stale_signature")
SERVICES = [service for service in catalogue().all() if service.facts]
# The first that asks each register: what a register answers wrongly concerns the fact, whichever service needs it.
_FIRST = {FACTS[need.name].register.code: service.id for service in reversed(SERVICES) for need in service.facts}
OF_EACH_REGISTER = [service for service in SERVICES if service.id in _FIRST.values()]
Portal = Callable[..., Awaitable[httpx.AsyncClient]]


async def another_portal(portal: httpx.AsyncClient, visitor: Visitor) -> Visitor:
    """Let a portal that has not met the registers yet know who is signed in."""
    for name in ("portal-session", "portal-csrf"):
        portal.cookies.set(name, visitor.cookies[name])
    there = Visitor(visitor.portal, visitor.eid)
    await there.close()
    there.http = portal
    return there


async def applied(visitor: Visitor, service: Service) -> httpx.Response:
    """Apply as a person does who answers whatever she is asked; return where that leads."""
    page = await visitor.begins(service.id)
    for _page in range(12):
        if section_of(page) == "check":
            return await visitor.follow(await visitor.send(page, "/submission"), until="http://nowhere")
        page = await visitor.answers(page, **answers(page, service))
    raise AssertionError(f"no way through {service.id}: {page.url}")


@pytest.mark.parametrize("kind", FAULTS)
async def test_with_any_fault_of_any_register_every_service_is_applied_for(
    kind: str, arta: Visitor, new_portal: Portal, operator: Operator, memory: Database
) -> None:
    await _without_drafts(memory)
    services = SERVICES if kind == "down" else OF_EACH_REGISTER
    visitor = await another_portal(await new_portal(), arta)
    for register in REGISTERS:
        operator.breaks(register, kind)
    tried: set[str] = set()
    for sent in await asyncio.gather(*(applied(visitor, service) for service in services)):
        assert sent.status_code == 200, sent.text
        assert 'id="silent"' in sent.text, sent.text
        async with memory.connect() as connection:
            own = application_of(sent)
            state = await connection.fetchval("SELECT state::text FROM application WHERE id = $1", own)
            reads = await connection.fetch("SELECT outcome, register FROM fact_read WHERE application_id = $1", own)
        assert state == "awaiting_facts"
        assert {row["outcome"] for row in reads} <= {"unreachable"}
        tried.update(row["register"] for row in reads)
    about_her = [need for one in services for need in one.facts if need.about == "applicant" and not need.only_if]
    assert tried >= {
        FACTS[need.name].register.code for need in about_her
    }  # asked for nothing, and on her record all the same


async def _without_drafts(memory: Database) -> None:
    async with memory.transaction() as connection:
        await connection.execute("UPDATE application SET state = 'withdrawn' WHERE state = 'draft'")


async def test_a_register_dies_in_the_middle_and_the_document_comes_when_it_is_back(
    arta: Visitor, new_portal: Portal, operator: Operator, memory: Database, start: Working
) -> None:
    await _without_drafts(memory)
    visitor = await another_portal(await new_portal(), arta)
    page = await visitor.begins("residence-certificate")
    operator.breaks("addresses", "down")
    page = await visitor.answers(page, whom="self")
    assert page.text.count("Regjistri i adresave: për momentin nuk përgjigjet") == 1
    check = await visitor.answers(page, purpose="bank")
    assert "Afati për vendimin" in check.text
    sent = await visitor.follow(await visitor.send(check, "/submission"))
    assert "Në pritje të regjistrit" in sent.text
    assert "Në pritje të regjistrit" in (await visitor.get("/sq/applications")).text
    worker = start()
    await worker.says("register_unreachable")
    operator.mends()
    await is_issued(memory, application_of(sent), 60)
    issued = await visitor.get(sent.url.path)
    assert "Dokumenti" in issued.text


async def test_whom_the_register_does_not_know_gets_the_application_back_and_is_told(
    town: Plan, memory: Database
) -> None:
    said = town.environment("portal")
    settings = Settings.model_validate({field: said[name] for field, name in names(Settings).items() if name in said})
    service = next(one for one in SERVICES if one.id == "birth-extract")
    async with memory.transaction() as connection:
        person_id = await known(connection)  # to the portal, and to no register
        draft = await casework.begin(connection, service, person_id, "web", "sq", (), now())
        draft = await casework.answer(connection, draft.id, person_id, "whom", {"whom": ["self"]}, now())
        sent = await casework.submit(connection, draft.id, person_id, draft.revision, enqueue, now())
    assert sent.state is State.AWAITING_FACTS
    async with Parties(settings) as parties:
        fetcher = Fetcher(memory, parties, AuditKey(settings.audit_key))
        for _time in range(2):  # twice is once
            await fetcher.fetch(sent.id, now())
    async with memory.connect() as connection:
        back = await casework.find(connection, sent.id, person_id)
        told = await connection.fetch("SELECT kind FROM notice WHERE application_id = $1", sent.id)
        outcomes = await connection.fetch("SELECT DISTINCT outcome FROM fact_read WHERE application_id = $1", sent.id)
    assert (back.state, back.submitted_at, back.answers) == (State.DRAFT, None, {"whom": "self"})
    assert [row["kind"] for row in told] == ["your_turn"]
    assert {row["outcome"] for row in outcomes} == {"refused"}


async def test_what_a_register_has_wrong_is_said_while_applying(arta: Visitor, memory: Database) -> None:
    await _without_drafts(memory)
    check = await arta.asks_for_birth_extract()
    (wrong, *_more) = [link for link in links(check, "/sq/applications/") if link.endswith("/correction")]
    page = await arta.get(wrong)
    refused = await arta.send(page, "/correction", {"text": " "})
    assert refused.status_code == 422
    words = "Mbiemri im i lindjes shkruhet me ë."
    marked = await arta.follow(await arta.send(page, "/correction", {"text": words}))
    assert section_of(marked) == "check"
    async with memory.connect() as connection:
        case = await connection.fetchrow("SELECT reference, kind, text FROM data_case ORDER BY id DESC LIMIT 1")
    assert case
    assert (case["kind"], case["text"]) == ("correction", words)
    assert case["reference"] in marked.text
    assert case["reference"] in (await arta.get("/sq/data/questions")).text
    stale = await arta.send(check, "/submission")
    assert stale.status_code == 409  # what she saw was not marked yet
    sent = await arta.send(marked, "/submission")
    assert sent.status_code == 303
    gone = await arta.get(wrong)
    assert gone.status_code == 404
