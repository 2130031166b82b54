"""Two clicks, two devices, two messages at the same moment: one of them counts, and the other sees it."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest

from portal.database import Database
from services.applications import casework
from services.applications.application import Application, State, Step
from services.applications.errors import AlreadyPaid, ChangedElsewhere
from tests.rooms.applications.conftest import Queue, begun, known
from tests.unit.applications.people import ARTA, BIRTH, CHILD, NOW, RESIDENCE


async def ready(database: Database) -> Application:
    """Return a draft of someone new, all questions answered."""
    async with database.transaction() as connection:
        arta = await known(connection)
        draft = await begun(connection, arta, BIRTH, ARTA)
        return await casework.answer(connection, draft.id, arta, "whom", {"whom": ["self"]}, NOW)


async def test_eight_times_begin_is_one_draft(database: Database) -> None:
    async with database.transaction() as connection:
        arta = await known(connection)

    async def begin() -> Application:
        async with database.transaction() as connection:
            return await begun(connection, arta, RESIDENCE, ARTA)

    drafts = await asyncio.gather(*(begin() for _each in range(8)))
    assert len({draft.id for draft in drafts}) == 1


async def test_a_draft_that_another_device_is_just_beginning_is_waited_for(database: Database) -> None:
    async with database.transaction() as connection:
        arta = await known(connection)

    async def begin_on_the_phone() -> Application:
        async with database.transaction() as connection:
            return await begun(connection, arta, RESIDENCE, ARTA)

    async with database.transaction() as connection:
        on_the_laptop = await begun(connection, arta, RESIDENCE, ARTA)
        on_the_phone = asyncio.create_task(begin_on_the_phone())
        await asyncio.sleep(0.3)  # the phone has looked, found nothing, and waits for the laptop
        assert not on_the_phone.done()
    assert (await on_the_phone).id == on_the_laptop.id


async def test_a_double_click_submits_once(database: Database, queue: Queue) -> None:
    draft = await ready(database)

    async def submit() -> Application:
        async with database.transaction() as connection:
            return await casework.submit(connection, draft.id, draft.person_id, draft.revision, queue, NOW)

    assert {one.state for one in await asyncio.gather(*(submit() for _each in range(8)))} == {State.AWAITING_PAYMENT}
    async with database.connect() as connection:
        history = await casework.history(connection, draft.id, draft.person_id)
    assert [event.step for event in history].count(Step.BILL) == 1


async def test_return_and_webhook_together_pay_once(database: Database, queue: Queue) -> None:
    draft = await ready(database)
    async with database.transaction() as connection:
        await casework.submit(connection, draft.id, draft.person_id, draft.revision, queue, NOW)
    payment = uuid4()

    async def pay() -> Application:
        async with database.transaction() as connection:
            return await casework.settle_payment(connection, draft.id, payment, queue, NOW)

    assert {one.state for one in await asyncio.gather(*(pay() for _each in range(8)))} == {State.APPROVED}
    assert queue.tasks == [("issue", str(draft.id))]


async def test_two_payments_for_one_fee_are_not_both_taken(database: Database, queue: Queue) -> None:
    draft = await ready(database)
    async with database.transaction() as connection:
        await casework.submit(connection, draft.id, draft.person_id, draft.revision, queue, NOW)

    async def pay() -> Application:
        async with database.transaction() as connection:
            return await casework.settle_payment(connection, draft.id, uuid4(), queue, NOW)

    outcomes = await asyncio.gather(*(pay() for _each in range(4)), return_exceptions=True)
    assert sum(isinstance(outcome, Application) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, AlreadyPaid) for outcome in outcomes) == 3


async def test_what_one_device_submits_is_what_it_showed(database: Database, queue: Queue) -> None:
    draft = await ready(database)

    async def submit_on_the_phone() -> Application:
        async with database.transaction() as connection:
            return await casework.submit(connection, draft.id, draft.person_id, draft.revision, queue, NOW)

    async def answer_on_the_laptop() -> Application:
        async with database.transaction() as connection:
            return await casework.answer(connection, draft.id, draft.person_id, "whom", {"whom": [CHILD]}, NOW)

    submitted, answered = await asyncio.gather(submit_on_the_phone(), answer_on_the_laptop(), return_exceptions=True)
    async with database.connect() as connection:
        kept = await casework.find(connection, draft.id, draft.person_id)
    if isinstance(submitted, ChangedElsewhere):
        assert (kept.state, kept.answers) == (State.DRAFT, {"whom": CHILD})
    else:
        assert isinstance(answered, Exception)
        assert (kept.state, kept.answers) == (State.AWAITING_PAYMENT, {"whom": "self"})


async def test_a_transaction_that_fails_later_leaves_the_draft(database: Database, queue: Queue) -> None:
    draft = await ready(database)

    async def submit_and_fail() -> None:
        async with database.transaction() as connection:
            await casework.submit(connection, draft.id, draft.person_id, draft.revision, queue, NOW)
            raise ConnectionAbortedError

    with pytest.raises(Exception):  # noqa: B017, PT011 - the portal says it its own way
        await submit_and_fail()
    async with database.connect() as connection:
        kept = await casework.find(connection, draft.id, draft.person_id)
    assert (kept.state, kept.revision) == (State.DRAFT, draft.revision)
