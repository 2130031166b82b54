"""People begin, answer, submit, pay and receive; nothing is done twice, nothing is seen by strangers."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest
from msgspec.structs import replace

from i18n.refusal import Invalid, NotFound, Refused
from services.applications import casework
from services.applications.application import State, Step
from services.applications.errors import AlreadyPaid, ChangedElsewhere, Incomplete
from services.applications.store import Connection
from tests.rooms.applications.conftest import Queue, begun, known
from tests.unit.applications.people import AGIM, ARTA, BESNIK, BIRTH, CHILD, DRITA, NOW, RENEWAL, RESIDENCE, fact


async def test_arta_pays_one_euro_and_her_extract_is_decided_at_once(connection: Connection, queue: Queue) -> None:
    arta = await known(connection)
    draft = await begun(connection, arta, BIRTH, ARTA)
    draft = await casework.answer(connection, draft.id, arta, "whom", {"whom": ["self"]}, NOW)
    billed = await casework.submit(connection, draft.id, arta, draft.revision, queue, NOW)
    assert (billed.state, billed.fee_cents, casework.due(billed)) == (State.AWAITING_PAYMENT, 100, 100)
    assert queue.tasks == []
    payment = uuid4()
    paid = await casework.settle_payment(connection, draft.id, payment, queue, NOW)
    assert paid.state is State.APPROVED
    assert queue.tasks == [("issue", str(draft.id))]
    issued = await casework.issue(connection, draft.id, uuid4(), NOW)
    assert issued.state is State.ISSUED
    assert await casework.find(connection, draft.id, arta) == issued
    history = await casework.history(connection, draft.id, arta)
    assert [(event.step, event.actor) for event in history] == [
        (Step.BEGIN, "citizen"),
        (Step.ANSWER, "citizen"),
        (Step.BILL, "citizen"),
        (Step.PAY, "payments"),
        (Step.APPROVE, "rule"),
        (Step.ISSUE, "worker"),
    ]
    assert [event.revision for event in history] == [1, 2, 3, 4, 5, 6]


async def test_a_free_certificate_is_decided_when_it_is_submitted(connection: Connection, queue: Queue) -> None:
    arta = await known(connection)
    draft = await begun(connection, arta, RESIDENCE, ARTA)
    await casework.answer(connection, draft.id, arta, "whom", {"whom": ["self"]}, NOW)
    draft = await casework.answer(connection, draft.id, arta, "purpose", {"purpose": ["bank"]}, NOW)
    done = await casework.submit(connection, draft.id, arta, draft.revision, queue, NOW)
    assert (done.state, done.fee_cents) == (State.APPROVED, 0)
    assert queue.tasks == [("issue", str(draft.id))]
    with pytest.raises(Refused):
        casework.due(done)


async def test_for_her_child_the_childs_municipality_sets_the_fee(connection: Connection, queue: Queue) -> None:
    arta = await known(connection)
    draft = await begun(connection, arta, RESIDENCE, ARTA)
    draft = await casework.answer(connection, draft.id, arta, "whom", {"whom": [CHILD]}, NOW)
    assert draft.beneficiary == CHILD
    facts = [fact("person", CHILD), fact("address", CHILD)]
    await casework.refresh_facts(connection, draft, facts, NOW)
    draft = await casework.answer(connection, draft.id, arta, "purpose", {"purpose": ["school"]}, NOW)
    billed = await casework.submit(connection, draft.id, arta, draft.revision, queue, NOW)
    assert billed.fee_cents == 200


async def test_besniks_lapsed_inspection_is_refused_without_a_fee(connection: Connection, queue: Queue) -> None:
    besnik = await known(connection)
    draft = await begun(connection, besnik, RENEWAL, BESNIK)
    draft = await casework.answer(connection, draft.id, besnik, "vehicle", {"vehicle": ["04-777-EF"]}, NOW)
    refused = await casework.submit(connection, draft.id, besnik, draft.revision, queue, NOW)
    assert (refused.state, refused.fee_cents) == (State.REFUSED, 0)
    kept = await casework.find(connection, draft.id, besnik)
    assert kept.refusal is not None
    assert kept.refusal.rule == "inspection-valid"
    assert "04-777-EF" in kept.refusal.message.sr
    assert queue.tasks == [("refused", str(draft.id))]
    assert (await casework.history(connection, draft.id, besnik))[-1].detail == "inspection-valid"


async def test_besniks_other_car_costs_forty_euro_and_is_renewed(connection: Connection, queue: Queue) -> None:
    besnik = await known(connection)
    draft = await begun(connection, besnik, RENEWAL, BESNIK)
    draft = await casework.answer(connection, draft.id, besnik, "vehicle", {"vehicle": ["04-111-BG"]}, NOW)
    billed = await casework.submit(connection, draft.id, besnik, draft.revision, queue, NOW)
    assert billed.fee_cents == 4000
    assert (await casework.settle_payment(connection, draft.id, uuid4(), queue, NOW)).state is State.APPROVED


async def test_a_payment_after_midnight_is_decided_as_on_the_day_of_submission(
    connection: Connection, queue: Queue
) -> None:
    besnik = await known(connection)
    draft = await begun(connection, besnik, RENEWAL, BESNIK)
    draft = await casework.answer(connection, draft.id, besnik, "vehicle", {"vehicle": ["04-111-BG"]}, NOW)
    await casework.submit(connection, draft.id, besnik, draft.revision, queue, NOW)
    late = NOW + timedelta(days=365)  # the inspection has lapsed by then
    assert (await casework.settle_payment(connection, draft.id, uuid4(), queue, late)).state is State.APPROVED


@pytest.mark.parametrize(("service_id", "number", "rule"), [(RENEWAL, DRITA, "owns-a-vehicle")])
async def test_who_has_no_vehicle_may_still_ask_for_a_formal_decision(
    connection: Connection, queue: Queue, service_id: str, number: str, rule: str
) -> None:
    drita = await known(connection)
    draft = await begun(connection, drita, service_id, number)
    refused = await casework.submit(connection, draft.id, drita, draft.revision, queue, NOW)
    assert refused.refusal is not None
    assert refused.refusal.rule == rule


async def test_agim_without_an_address_is_refused_and_told_what_to_do(connection: Connection, queue: Queue) -> None:
    agim = await known(connection)
    draft = await begun(connection, agim, RESIDENCE, AGIM)
    draft = await casework.answer(connection, draft.id, agim, "purpose", {"purpose": ["bank"]}, NOW)
    refused = await casework.submit(connection, draft.id, agim, draft.revision, queue, NOW)
    assert refused.refusal is not None
    assert "municipality where you live" in refused.refusal.message.en


async def test_a_draft_is_found_again_with_its_answers(connection: Connection) -> None:
    arta = await known(connection)
    draft = await begun(connection, arta, RESIDENCE, ARTA)
    await casework.answer(connection, draft.id, arta, "whom", {"whom": ["self"]}, NOW)
    resumed = await begun(connection, arta, RESIDENCE, ARTA)
    assert (resumed.id, resumed.answers) == (draft.id, {"whom": "self"})
    other = await begun(connection, arta, BIRTH, ARTA)
    assert other.id != draft.id


async def test_the_same_page_sent_twice_is_one_change(connection: Connection) -> None:
    arta = await known(connection)
    draft = await begun(connection, arta, BIRTH, ARTA)
    first = await casework.answer(connection, draft.id, arta, "whom", {"whom": ["self"]}, NOW)
    again = await casework.answer(connection, draft.id, arta, "whom", {"whom": ["self"]}, NOW + timedelta(minutes=1))
    assert again == first


async def test_registers_that_say_the_same_change_nothing_that_was_shown(connection: Connection) -> None:
    arta = await known(connection)
    draft = await begun(connection, arta, BIRTH, ARTA)
    later = NOW + timedelta(hours=30)
    same = await casework.refresh_facts(connection, draft, [fact("children", ARTA, later)], later)
    assert same.revision == draft.revision
    assert later in {one.fetched_at for one in (await casework.find(connection, draft.id, arta)).facts}
    moved = dataclasses.replace(fact("children", ARTA, later), value=[])
    assert (await casework.refresh_facts(connection, draft, [moved], later)).revision == draft.revision + 1


async def test_a_stranger_meets_nothing(connection: Connection, queue: Queue) -> None:
    arta, besnik = await known(connection), await known(connection)
    draft = await begun(connection, arta, BIRTH, ARTA)
    for act in (
        casework.find(connection, draft.id, besnik),
        casework.history(connection, draft.id, besnik),
        casework.answer(connection, draft.id, besnik, "whom", {"whom": ["self"]}, NOW),
        casework.submit(connection, draft.id, besnik, draft.revision, queue, NOW),
        casework.withdraw(connection, draft.id, besnik, NOW),
        casework.discard(connection, draft.id, besnik, NOW),
        casework.mark_rated(connection, draft.id, besnik, NOW),
        casework.refresh_facts(connection, replace(draft, person_id=besnik), [], NOW),
    ):
        with pytest.raises(NotFound):
            await act
    assert await casework.mine(connection, besnik) == []


async def test_a_second_click_returns_what_the_first_one_made(connection: Connection, queue: Queue) -> None:
    arta = await known(connection)
    draft = await begun(connection, arta, BIRTH, ARTA)
    draft = await casework.answer(connection, draft.id, arta, "whom", {"whom": ["self"]}, NOW)
    first = await casework.submit(connection, draft.id, arta, draft.revision, queue, NOW)
    assert await casework.submit(connection, draft.id, arta, draft.revision, queue, NOW) == first
    payment = uuid4()
    paid = await casework.settle_payment(connection, draft.id, payment, queue, NOW)
    assert await casework.settle_payment(connection, draft.id, payment, queue, NOW) == paid
    assert await casework.submit(connection, draft.id, arta, draft.revision, queue, NOW) == paid
    with pytest.raises(AlreadyPaid):
        await casework.settle_payment(connection, draft.id, uuid4(), queue, NOW)
    document = uuid4()
    issued = await casework.issue(connection, draft.id, document, NOW)
    assert await casework.issue(connection, draft.id, document, NOW) == issued
    with pytest.raises(Refused):
        await casework.issue(connection, draft.id, uuid4(), NOW)
    assert queue.tasks == [("issue", str(draft.id))]


async def test_what_is_not_answered_yet_is_not_submitted(connection: Connection, queue: Queue) -> None:
    arta = await known(connection)
    draft = await begun(connection, arta, RESIDENCE, ARTA)
    with pytest.raises(Incomplete):
        await casework.submit(connection, draft.id, arta, draft.revision, queue, NOW)
    with pytest.raises(Invalid):
        await casework.answer(connection, draft.id, arta, "purpose", {"purpose": ["fun"]}, NOW)
    with pytest.raises(NotFound):
        await casework.answer(connection, draft.id, arta, "purpose-other", {"purpose_other": ["x"]}, NOW)
    assert (await casework.find(connection, draft.id, arta)).answers == {}


async def test_a_submitted_application_can_no_longer_be_changed(connection: Connection, queue: Queue) -> None:
    arta = await known(connection)
    draft = await begun(connection, arta, BIRTH, ARTA)
    draft = await casework.answer(connection, draft.id, arta, "whom", {"whom": ["self"]}, NOW)
    await casework.submit(connection, draft.id, arta, draft.revision, queue, NOW)
    with pytest.raises(Refused, match="not_while_awaiting_payment"):
        await casework.answer(connection, draft.id, arta, "whom", {"whom": [CHILD]}, NOW)
    with pytest.raises(Refused, match="not_while_awaiting_payment"):
        await casework.discard(connection, draft.id, arta, NOW)
    assert (await begun(connection, arta, BIRTH, ARTA)).id != draft.id


async def test_a_withdrawn_application_takes_no_payment(connection: Connection, queue: Queue) -> None:
    arta = await known(connection)
    draft = await begun(connection, arta, BIRTH, ARTA)
    draft = await casework.answer(connection, draft.id, arta, "whom", {"whom": ["self"]}, NOW)
    await casework.submit(connection, draft.id, arta, draft.revision, queue, NOW)
    withdrawn = await casework.withdraw(connection, draft.id, arta, NOW)
    assert await casework.withdraw(connection, draft.id, arta, NOW) == withdrawn
    with pytest.raises(Refused, match="not_while_withdrawn"):
        await casework.settle_payment(connection, draft.id, uuid4(), queue, NOW)
    with pytest.raises(Refused, match="not_while_withdrawn"):
        await casework.submit(connection, draft.id, arta, draft.revision, queue, NOW)


async def test_a_discarded_draft_leaves_nothing_of_what_was_said(connection: Connection) -> None:
    arta = await known(connection)
    draft = await begun(connection, arta, BIRTH, ARTA)
    await casework.answer(connection, draft.id, arta, "whom", {"whom": [CHILD]}, NOW)
    await casework.discard(connection, draft.id, arta, NOW)
    await casework.discard(connection, draft.id, arta, NOW)
    gone = await casework.any_of(connection, draft.id)
    assert (gone.state, gone.answers, gone.facts, gone.beneficiary) == (State.WITHDRAWN, {}, (), None)
    assert await casework.mine(connection, arta) == []


async def test_ones_applications_come_page_by_page_newest_first(connection: Connection, queue: Queue) -> None:
    arta = await known(connection)
    ids: list[UUID] = []
    for _each in range(5):
        draft = await begun(connection, arta, BIRTH, ARTA)
        draft = await casework.answer(connection, draft.id, arta, "whom", {"whom": ["self"]}, NOW)
        await casework.submit(connection, draft.id, arta, draft.revision, queue, NOW)
        ids.append(draft.id)
    first = await casework.mine(connection, arta, None, 3)
    second = await casework.mine(connection, arta, first[-1].id, 3)
    assert [one.id for one in first + second] == ids[::-1]
    assert first[0].state is State.AWAITING_PAYMENT


async def test_the_history_cannot_be_rewritten(connection: Connection) -> None:
    arta = await known(connection)
    draft = await begun(connection, arta, BIRTH, ARTA)
    for statement in (
        "UPDATE application_event SET actor = 'rule' WHERE application_id = $1",
        "DELETE FROM application_event WHERE application_id = $1",
    ):
        with pytest.raises(asyncpg.RestrictViolationError):
            async with connection.transaction():
                await connection.execute(statement, draft.id)
    with pytest.raises(asyncpg.RestrictViolationError):
        async with connection.transaction():
            await connection.execute("TRUNCATE application_event")


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("state = 'submitted'", "what_left_draft_was_submitted_with_its_fee_known"),
        ("state = 'submitted', submitted_at = now(), fee_cents = 100", "what_costs_is_decided_only_when_paid"),
        ("state = 'awaiting_payment', submitted_at = now(), fee_cents = 0", "what_awaits_payment_costs_something"),
        ("state = 'refused', submitted_at = now(), fee_cents = 0", "what_is_refused_says_why"),
        ("state = 'issued', submitted_at = now(), fee_cents = 0", "what_is_issued_has_a_document"),
        ("rated_at = now()", "only_what_is_finished_is_rated"),
        ("fee_cents = -1", "a_fee_is_not_negative"),
        ("beneficiary = '123'", "a_beneficiary_has_ten_digits"),
    ],
)
async def test_the_database_itself_refuses_what_cannot_be(connection: Connection, change: str, constraint: str) -> None:
    draft = await begun(connection, await known(connection), BIRTH, ARTA)
    with pytest.raises(asyncpg.CheckViolationError, match=constraint):
        await connection.execute(f"UPDATE application SET {change} WHERE id = $1", draft.id)  # noqa: S608 - the test's own


async def test_what_was_shown_on_one_device_is_not_submitted_after_a_change_on_another(
    connection: Connection, queue: Queue
) -> None:
    arta = await known(connection)
    draft = await begun(connection, arta, BIRTH, ARTA)
    shown = await casework.answer(connection, draft.id, arta, "whom", {"whom": ["self"]}, NOW)
    await casework.answer(connection, draft.id, arta, "whom", {"whom": [CHILD]}, NOW)
    with pytest.raises(ChangedElsewhere):
        await casework.submit(connection, draft.id, arta, shown.revision, queue, NOW)
