"""The stand-in's only SQL: its payments and the messages that tell of them, in the schema `payments`."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeAlias

import asyncpg
import msgspec
from asyncpg.pool import PoolConnectionProxy
from uuid_utils.compat import uuid7

from payments.sandbox.payment import Description, Method, Opening, Payment, State

Connection: TypeAlias = asyncpg.Connection | PoolConnectionProxy

SCHEMA = "payments"
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")  # ids and tokens; PostgreSQL could not even look for some others
_MIGRATION = 8002  # the advisory lock that lets one process migrate at a time


async def connect(database_url: str) -> asyncpg.Pool:
    """Return a pool of connections that see the stand-in's schema only."""
    return await asyncpg.create_pool(
        database_url,
        min_size=1,
        max_size=8,
        timeout=5,
        command_timeout=10,
        server_settings={"application_name": SCHEMA, "search_path": SCHEMA},
    )


async def migrate(database_url: str) -> None:
    """Make the schema and what is missing in it; may run at every start and several times at once."""
    connection = await asyncpg.connect(database_url, timeout=5, server_settings={"search_path": SCHEMA})
    try:
        async with connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock($1)", _MIGRATION)
            await connection.execute("CREATE SCHEMA IF NOT EXISTS payments")
            await connection.execute(Path(__file__).with_name("schema.sql").read_text())
    finally:
        await connection.close()


async def alive(connection: Connection) -> bool:
    """Whether the database answers."""
    return await connection.fetchval("SELECT true")


async def open_payment(
    connection: Connection, key: str, opening: Opening, now: datetime, lifetime: timedelta
) -> Payment | None:
    """Return the payment that `key` stands for: a new one, or the one it opened before.

    An open one takes the newest language, way back and note. None when the key stands for another payment.
    """
    row = await connection.fetchrow(
        """
        INSERT INTO payment (id, token, idempotency_key, reference, cents, description, language, return_url,
                             payer_note, state, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6::text::jsonb, $7, $8, $9, 'open', $10, $11)
        ON CONFLICT (idempotency_key) DO UPDATE
           SET language = excluded.language, return_url = excluded.return_url, payer_note = excluded.payer_note
         WHERE payment.state = 'open' AND payment.reference = excluded.reference AND payment.cents = excluded.cents
           AND payment.description = excluded.description
        RETURNING *
        """,
        f"pay_{uuid7().hex}",
        secrets.token_urlsafe(24),
        key,
        opening.reference,
        opening.amount,
        msgspec.json.encode(opening.description).decode(),
        opening.language,
        opening.return_url,
        opening.payer_note,
        now,
        now + lifetime,
    )
    row = row or await connection.fetchrow("SELECT * FROM payment WHERE idempotency_key = $1", key)
    payment = _payment(row) if row else None
    return payment if payment and payment.is_as_asked(opening) else None


async def find(connection: Connection, payment_id: str) -> Payment | None:
    """Return the payment of that id."""
    if not _NAME.fullmatch(payment_id):
        return None
    row = await connection.fetchrow("SELECT * FROM payment WHERE id = $1", payment_id)
    return _payment(row) if row else None


async def find_by_token(connection: Connection, token: str) -> Payment | None:
    """Return the payment whose hosted page this is."""
    if not _NAME.fullmatch(token):
        return None
    row = await connection.fetchrow("SELECT * FROM payment WHERE token = $1", token)
    return _payment(row) if row else None


async def end(connection: Connection, payment_id: str, state: State, method: Method | None, now: datetime) -> bool:
    """End an open payment and write its message, together; return False when it had ended before."""
    async with connection.transaction():
        row = await connection.fetchrow(
            """
            UPDATE payment SET state = $2, method_kind = $3, method_name = $4, ended_at = $5
             WHERE id = $1 AND state = 'open' AND expires_at > $5
            RETURNING *
            """,
            payment_id,
            state,
            method.kind if method else None,
            method.name if method else None,
            now,
        )
        if row:
            await _tell(connection, _payment(row), now)
    return row is not None


async def expire(connection: Connection, now: datetime) -> int:
    """End every open payment whose time is over, with its message; return how many."""
    async with connection.transaction():
        rows = await connection.fetch(
            """
            UPDATE payment SET state = 'expired', ended_at = $1 WHERE state = 'open' AND expires_at <= $1
            RETURNING *
            """,
            now,
        )
        for row in rows:
            await _tell(connection, _payment(row), now)
    return len(rows)


@dataclass(frozen=True, slots=True)
class Message:
    """A message to send: the same id and body at every attempt."""

    id: str
    body: str
    attempts: int


async def due(connection: Connection, now: datetime, waits: Sequence[timedelta]) -> list[Message]:
    """Return messages to send now, each put off by its next wait: if we die before it is taken, it comes again."""
    rows = await connection.fetch(
        """
        UPDATE message
           SET attempts = attempts + 1,
               next_attempt_at = $1::timestamptz + ($2::interval[])[least(attempts + 1, cardinality($2::interval[]))]
         WHERE id IN (SELECT id FROM message WHERE delivered_at IS NULL AND next_attempt_at <= $1
                       ORDER BY next_attempt_at LIMIT 10 FOR UPDATE SKIP LOCKED)
        RETURNING id, body, attempts
        """,
        now,
        list(waits),
    )
    return [Message(**dict(row)) for row in rows]


async def delivered(connection: Connection, message_id: str, now: datetime) -> None:
    """Note that the merchant took the message."""
    await connection.execute("UPDATE message SET delivered_at = $2, last_failure = NULL WHERE id = $1", message_id, now)


async def failed(connection: Connection, message_id: str, failure: str) -> None:
    """Note why the merchant did not take the message."""
    await connection.execute("UPDATE message SET last_failure = $2 WHERE id = $1", message_id, failure)


async def send_again(connection: Connection, payment_id: str, now: datetime) -> bool:
    """Make the payment's message due once more, taken or not; return False when there is none yet."""
    again = await connection.fetchval(
        "UPDATE message SET delivered_at = NULL, next_attempt_at = $2 WHERE payment_id = $1 RETURNING true",
        payment_id,
        now,
    )
    return bool(again)


async def _tell(connection: Connection, payment: Payment, now: datetime) -> None:
    body = {"type": f"payment.{payment.state}", "timestamp": now.astimezone(UTC), "data": payment.news()}
    await connection.execute(
        "INSERT INTO message (id, payment_id, body, created_at, next_attempt_at) VALUES ($1, $2, $3, $4, $4)",
        f"msg_{uuid7().hex}",
        payment.id,
        msgspec.json.encode(body).decode(),
        now,
    )


def _payment(row: asyncpg.Record) -> Payment:
    values = dict(row)
    del values["idempotency_key"]
    kind, name = values.pop("method_kind"), values.pop("method_name")
    return Payment(
        amount=values.pop("cents"),
        description=msgspec.json.decode(values.pop("description"), type=Description),
        state=State(values.pop("state")),
        method=Method(kind, name) if kind else None,
        **values,
    )
