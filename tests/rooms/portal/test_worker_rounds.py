"""What the worker finds by itself: tasks that vanished, payments without news; and how tasks wait for it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from portal import rounds
from portal.database import Connection, Database
from portal.demo.plan import Plan
from portal.parties import Parties
from portal.queue import enqueue
from portal.settings import Settings, names
from tests.rooms.portal.visitor import Visitor, application_of
from tests.rooms.portal.workers import PAID, Working, is_issued, paid, state, waiting


async def test_the_same_task_waits_once(memory: Database) -> None:
    application = uuid7()
    for _ in range(3):
        async with memory.transaction() as connection:
            await enqueue(connection, "unknown", str(application).encode())
            await enqueue(connection, "unknown", str(application).encode())
    assert await waiting(memory, application) == 1


async def test_a_task_that_was_undone_with_its_cause_never_was(memory: Database) -> None:
    application = uuid7()
    with pytest.raises(LookupError):
        await _undone(memory, application)
    assert await waiting(memory, application) == 0


async def _undone(memory: Database, application: UUID) -> None:
    async with memory.transaction() as connection:
        await enqueue(connection, "issue", str(application).encode())
        raise LookupError


async def test_an_approved_application_whose_task_vanished_is_found(
    arta: Visitor, memory: Database, start: Working, mailbox: Path
) -> None:
    application = await paid(arta)
    async with memory.transaction() as connection:
        await connection.execute("DELETE FROM pgqueuer WHERE payload = $1", str(application).encode())
    now = datetime.now(UTC)
    await rounds.ask_for_documents(memory, now)
    assert await waiting(memory, application) == 0  # it may still be on its way
    for _ in range(2):
        await rounds.ask_for_documents(memory, now + timedelta(minutes=2))
    assert await waiting(memory, application) == 1
    await start().says('"working"')
    await is_issued(memory, application)


async def test_a_payment_whose_return_and_message_were_both_lost_is_found(
    arta: Visitor, memory: Database, town: Plan
) -> None:
    check = await arta.asks_for_birth_extract()
    page = await arta.follow(await arta.send(check, "/submission"))
    application = application_of(check)
    async with memory.transaction() as connection:
        payment = await _lose(connection, application)
    await arta.send(page, "/card", PAID)
    await asyncio.sleep(1)  # the provider's message comes to nothing
    async with memory.transaction() as connection:
        await connection.execute("UPDATE payment SET id = $2 WHERE id = $1", *payment)
    assert await state(memory, application) == "awaiting_payment"
    settings = _settings(town)
    async with Parties(settings) as parties:
        await rounds.ask_after_payments(memory, parties, datetime.now(UTC))
        assert await state(memory, application) == "awaiting_payment"  # two minutes of patience
        await rounds.ask_after_payments(memory, parties, datetime.now(UTC) + timedelta(minutes=3))
    assert await state(memory, application) == "approved"
    assert await waiting(memory, application) == 1


async def _lose(connection: Connection, application: UUID) -> tuple[UUID, UUID]:
    """Hide a payment under another id, so that a message about it finds nothing; return that id and its own."""
    own = await connection.fetchval("SELECT id FROM payment WHERE order_id = $1", application)
    hidden = uuid7()
    await connection.execute("UPDATE payment SET id = $2 WHERE id = $1", own, hidden)
    return hidden, own


async def test_one_payment_that_cannot_be_read_holds_up_no_other(arta: Visitor, memory: Database, town: Plan) -> None:
    check = await arta.asks_for_birth_extract()
    page = await arta.follow(await arta.send(check, "/submission"))
    application = application_of(check)
    async with memory.transaction() as connection:
        await connection.execute(
            """
            INSERT INTO payment (id, order_id, cents, currency, description, state, provider_id, pay_url, created_at,
                opened_at)
            SELECT $2, $2, cents, currency, description, 'opened', 'unknown_to_the_provider', pay_url, created_at,
                opened_at FROM payment WHERE order_id = $1
            """,
            application,
            UUID(int=1),
        )
        payment = await _lose(connection, application)
    await arta.send(page, "/card", PAID)
    await asyncio.sleep(1)
    async with memory.transaction() as connection:
        await connection.execute("UPDATE payment SET id = $2 WHERE id = $1", *payment)
    async with Parties(_settings(town)) as parties:
        await rounds.ask_after_payments(memory, parties, datetime.now(UTC) + timedelta(minutes=3))
    assert await state(memory, application) == "approved"
    async with memory.transaction() as connection:
        await connection.execute(
            "UPDATE payment SET state = 'expired', settled_at = opened_at WHERE id = $1", UUID(int=1)
        )


def _settings(town: Plan) -> Settings:
    said = town.environment("portal")
    return Settings.model_validate({field: said[name] for field, name in names(Settings).items() if name in said})
