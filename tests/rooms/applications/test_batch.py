"""Several applications are approved by one signature: each by itself, and only as it was when it was listed."""

from __future__ import annotations

import pytest

from eid.prepared import Credential, Prepared
from i18n.refusal import NotFound
from portal.database import Database
from services.applications import casework
from services.applications.application import State, Step
from services.applications.office import answering, review
from services.applications.office.errors import FourEyes, OnlyOfficers
from services.applications.store import Connection
from services.batches import deciding, store
from services.batches.batch import APPROVED, Batch
from services.batches.errors import AlreadyGiven, NotTogether
from services.signing.signing import Signing
from tests.rooms.applications.conftest import Queue
from tests.rooms.applications.officers import CHANGE, WHY, member, sent
from tests.unit.applications.people import NOW

SHEET = b"%PDF-1.7 a list"
PREPARED = Prepared(SHEET, 3, 1, 2, b"digest", b"attributes", (b"certificate",), 1)


async def given(connection: Connection, batch: Batch, officer_id: object) -> Batch:
    """Let the officer give a signature, as the signing service returns one; return the batch."""
    kept = await store.find(connection, batch.id)
    assert kept is not None
    assert kept.officer_id == officer_id
    assert await deciding.keep(connection, kept, Signing.ready(Credential("key", (b"certificate",)), PREPARED, NOW))
    kept = await store.find(connection, batch.id)
    assert kept is not None
    assert kept.signing
    assert kept.signing.prepared == PREPARED
    value = kept.signing.given(PREPARED, b"value", NOW)
    assert await deciding.keep(connection, kept, value)
    assert not await deciding.keep(connection, kept, value)  # once
    signed = await store.find(connection, batch.id)
    assert signed is not None
    return signed


async def is_fixed(connection: Connection, batch: Batch) -> None:
    """See that what is signed takes no other reasons and no other signature."""
    for refused in (
        deciding.reason(connection, batch, "Another", b"%PDF another"),
        deciding.begin(connection, batch, Signing.begun({}, NOW), b"hash"),
    ):
        with pytest.raises(AlreadyGiven):
            await refused


async def test_each_is_decided_by_itself_and_what_changed_is_left_out(database: Database, queue: Queue) -> None:
    async with database.transaction() as connection:
        officer, colleague = await member(connection), await member(connection)
        free, hers, gone, taken = [await sent(connection, queue) for _each in range(4)]
        await review.take(connection, officer, hers.id, hers.revision, NOW)
        batch = await deciding.make(connection, officer, [free.id, hers.id, gone.id, taken.id, free.id], NOW)
        assert {case.application_id for case in batch.cases} == {free.id, hers.id, gone.id, taken.id}
        with pytest.raises(NotFound):
            await deciding.own(connection, colleague.person_id, batch.id)
        await deciding.reason(connection, batch, WHY, SHEET)
        await casework.withdraw(connection, gone.id, gone.person_id, NOW)
        theirs = await casework.any_of(connection, taken.id)
        await review.take(connection, colleague, taken.id, theirs.revision, NOW)
        signed = await given(connection, batch, officer.person_id)
        await is_fixed(connection, signed)
        await deciding.approve(connection, batch.id, signed.cases[0], queue, NOW)
        assert {(await casework.any_of(connection, each.id)).state for each in (free, hers)} == {State.IN_REVIEW}
        await store.save_signed(connection, batch.id, b"%PDF signed", NOW)
        for case in signed.cases * 2:  # done twice it is done once
            await deciding.approve(connection, batch.id, case, queue, NOW)
        done = await store.find(connection, batch.id)
        assert done is not None
        assert not done.is_working
        outcomes = {case.application_id: case.outcome for case in done.cases}
        assert outcomes == {
            free.id: APPROVED,
            hers.id: APPROVED,
            gone.id: "changed_elsewhere",
            taken.id: "changed_elsewhere",
        }
        for each in (free, hers):
            approved = await casework.any_of(connection, each.id)
            assert await store.deciding(connection, approved) == batch.id
            events = await casework.history(connection, each.id, each.person_id)
            assert [event.step for event in events][-2:] == [Step.TAKE, Step.APPROVE]
            assert [message.text for message in await answering.said(connection, each.id)] == [WHY]
        assert (await casework.any_of(connection, taken.id)).state is State.IN_REVIEW


async def test_a_batch_is_of_one_service_and_of_nothing_that_takes_two(database: Database, queue: Queue) -> None:
    async with database.transaction() as connection:
        officer, colleague, clerk = (
            await member(connection),
            await member(connection),
            await member(connection, "clerk"),
        )
        one, theirs, two = (
            await sent(connection, queue),
            await sent(connection, queue),
            await sent(connection, queue, CHANGE),
        )
        await review.take(connection, colleague, theirs.id, theirs.revision, NOW)
    for who, chosen, refusal in (
        (officer, [], NotTogether),
        (officer, [one.id, two.id], NotTogether),
        (officer, [one.id, theirs.id], NotTogether),
        (officer, [two.id], FourEyes),
        (clerk, [one.id], OnlyOfficers),
    ):
        with pytest.raises(refusal):
            async with database.transaction() as connection:
                await deciding.make(connection, who, chosen, NOW)
    async with database.connect() as connection:
        assert (await casework.any_of(connection, one.id)).state is State.SUBMITTED  # nothing was taken
