"""What is sent while a register is silent waits, takes the answer when it comes, and goes on by itself."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace

from i18n.refusal import Refused
from services.applications import casework, owed, signed
from services.applications.application import Application, State, Step
from services.applications.store import Connection
from services.registers.facts import Fact
from tests.rooms.applications.conftest import Queue, known
from tests.unit.applications.people import (
    AGIM,
    ARTA,
    BESNIK,
    BIRTH,
    CHILD,
    DRITA,
    NOW,
    RENEWAL,
    RESIDENCE,
    draft,
    fact,
    service,
)

LATER = NOW + timedelta(days=3)


async def sent(  # noqa: PLR0917 - an application is all of this
    connection: Connection, queue: Queue, service_id: str, number: str, answers: dict[str, str], silent: str
) -> tuple[Application, UUID]:
    """Return an application that someone sent while the register of one fact was silent, and who it was."""
    person_id = await known(connection)
    definition = service(service_id)
    facts = [one for one in draft(service_id, number).facts if one.name != silent]
    begun = await casework.begin(connection, definition, person_id, "web", "sq", facts, NOW)
    for section in definition.sections:
        given = {name: [value] for name, value in answers.items() if name.partition("-")[0] in _ids(section)}
        if given:
            begun = await casework.answer(connection, begun.id, person_id, section.id, given, NOW)
    return await casework.submit(connection, begun.id, person_id, begun.revision, queue, NOW), person_id


def _ids(section: object) -> set[str]:
    return {question.id for question in getattr(section, "questions", ())}


async def taken(connection: Connection, queue: Queue, waiting: Application, *facts: Fact) -> Application:
    return await owed.take(connection, waiting.id, facts, queue, LATER)


async def test_an_application_waits_for_the_register_and_then_for_its_fee(connection: Connection, queue: Queue) -> None:
    waiting, _arta = await sent(connection, queue, RESIDENCE, DRITA, {"purpose": "bank"}, "address")
    assert (waiting.state, waiting.submitted_at, waiting.fee_cents) == (State.AWAITING_FACTS, NOW, None)
    assert queue.tasks == [("fetch_facts", str(waiting.id))]
    assert await taken(connection, queue, waiting) == waiting  # still silent
    billed = await taken(connection, queue, waiting, fact("address", DRITA, LATER))
    assert (billed.state, billed.submitted_at, billed.fee_cents) == (State.AWAITING_PAYMENT, NOW, 200)
    assert await taken(connection, queue, waiting, fact("address", DRITA, LATER)) == billed
    steps = [event.step for event in await casework.history(connection, waiting.id, waiting.person_id)]
    assert steps[-3:] == [Step.DEFER, Step.READ_FACTS, Step.BILL]


async def test_a_register_that_answers_with_a_reason_refuses_without_a_fee(
    connection: Connection, queue: Queue
) -> None:
    waiting, _agim = await sent(connection, queue, RESIDENCE, AGIM, {"purpose": "bank"}, "address")
    refused = await taken(connection, queue, waiting, fact("address", AGIM, LATER))
    assert refused.refusal
    assert (refused.state, refused.refusal.rule, refused.fee_cents) == (State.REFUSED, "address-recorded", 0)
    assert queue.tasks[-1] == ("refused", str(waiting.id))


async def test_the_car_that_was_typed_is_found_when_the_register_answers(connection: Connection, queue: Queue) -> None:
    waiting, _besnik = await sent(connection, queue, RENEWAL, BESNIK, {"vehicle": "04 111 bg"}, "vehicles")
    assert waiting.answers["vehicle"] == "04 111 bg"
    billed = await taken(connection, queue, waiting, fact("vehicles", BESNIK, LATER))
    assert (billed.state, billed.answers["vehicle"]) == (State.AWAITING_PAYMENT, "04-111-BG")


async def test_a_car_that_the_register_does_not_know_is_asked_again(connection: Connection, queue: Queue) -> None:
    waiting, besnik = await sent(connection, queue, RENEWAL, BESNIK, {"vehicle": "09-999-ZZ"}, "vehicles")
    back = await taken(connection, queue, waiting, fact("vehicles", BESNIK, LATER))
    assert (back.state, back.submitted_at, back.answers.get("vehicle")) == (State.DRAFT, None, None)
    again = await casework.answer(connection, back.id, besnik, "vehicle", {"vehicle": ["04-111-BG"]}, LATER)
    assert (await casework.submit(connection, again.id, besnik, again.revision, queue, NOW)).fee_cents


async def test_for_a_child_that_was_typed_its_own_facts_are_owed_next(connection: Connection, queue: Queue) -> None:
    answers = {"whom": "child", "whom-name": "Leka"}
    waiting, _arta = await sent(connection, queue, BIRTH, ARTA, answers, "children")
    assert (waiting.state, waiting.beneficiary) == (State.AWAITING_FACTS, None)
    named = await taken(connection, queue, waiting, fact("children", ARTA, LATER))
    assert (named.state, named.beneficiary) == (State.AWAITING_FACTS, CHILD)
    billed = await taken(connection, queue, waiting, fact("person", CHILD, LATER))
    assert (billed.state, billed.fee_cents) == (State.AWAITING_PAYMENT, 100)


async def test_what_waits_can_be_taken_back_or_changed(connection: Connection, queue: Queue) -> None:
    answers = {"purpose": "bank"}
    waiting, person_id = await sent(connection, queue, RESIDENCE, DRITA, answers, "address")
    with pytest.raises(Refused):
        await casework.answer(connection, waiting.id, person_id, "purpose", {"purpose": ["school"]}, LATER)
    reopened = await signed.reopen(connection, waiting.id, person_id, LATER)
    assert (reopened.state, reopened.submitted_at) == (State.DRAFT, None)
    changed = await casework.answer(connection, waiting.id, person_id, "purpose", {"purpose": ["school"]}, LATER)
    again = await casework.submit(connection, waiting.id, person_id, changed.revision, queue, LATER)
    assert (again.state, again.submitted_at) == (State.AWAITING_FACTS, LATER)
    withdrawn = await casework.withdraw(connection, waiting.id, person_id, LATER)
    assert (await taken(connection, queue, waiting, fact("address", DRITA, LATER))) == withdrawn
    assert [one.id for one in await casework.mine(connection, person_id)] == [waiting.id]


async def test_what_goes_back_waits_where_its_person_has_begun_anew(connection: Connection, queue: Queue) -> None:
    waiting, besnik = await sent(connection, queue, RENEWAL, BESNIK, {"vehicle": "09-999-ZZ"}, "vehicles")
    await casework.begin(connection, service(RENEWAL), besnik, "web", "sq", (), NOW)
    kept = await taken(connection, queue, waiting, fact("vehicles", BESNIK, LATER))
    assert kept.state is State.AWAITING_FACTS


async def test_what_is_called_wrong_is_marked_and_goes_on(connection: Connection, queue: Queue) -> None:
    person_id = await known(connection)
    whole = draft(BIRTH, DRITA)
    begun = await casework.begin(connection, service(BIRTH), person_id, "web", "sq", whole.facts, NOW)
    wrong = next(one for one in begun.facts if one.name == "person")
    marked = await casework.dispute(connection, begun.id, person_id, wrong, "C-2026-00000001", NOW)
    assert marked.revision == begun.revision + 1
    assert [one.disputed for one in marked.facts if one.name == "person"] == ["C-2026-00000001"]
    again = next(one for one in marked.facts if one.name == "person")
    assert await casework.dispute(connection, begun.id, person_id, again, "C-2026-00000001", NOW) == marked
    read_again = await casework.refresh_facts(connection, marked, [fact("person", DRITA, LATER)], LATER)
    assert read_again.revision == marked.revision
    assert [one.disputed for one in read_again.facts if one.name == "person"] == ["C-2026-00000001"]
    kept = replace(marked, facts=read_again.facts)
    sent = await casework.submit(connection, kept.id, person_id, kept.revision, queue, NOW)
    assert sent.state is State.AWAITING_PAYMENT
