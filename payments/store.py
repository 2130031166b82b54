"""The payments room's only SQL: payments, the provider's events and the ledger. Runs in the caller's transaction."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

import asyncpg
import msgspec
from asyncpg.pool import PoolConnectionProxy
from uuid_utils.compat import uuid7

from i18n.text import Wording
from payments.money import Money
from payments.payment import Event, Payment, State

Connection: TypeAlias = asyncpg.Connection | PoolConnectionProxy
PAGE = 100

# The description travels as text, so that it is the same whatever codec a pool has for jsonb.
_PAYMENT = """
    SELECT id, order_id, cents, description::text AS description, state, provider_id, pay_url, late, surplus,
           created_at, opened_at, settled_at
      FROM payment
"""


async def find(connection: Connection, payment_id: UUID) -> Payment | None:
    """Return the payment of that id."""
    row = await connection.fetchrow(f"{_PAYMENT} WHERE id = $1", payment_id)
    return _payment(row) if row else None


async def of_order(connection: Connection, order_id: UUID) -> list[Payment]:
    """Return every payment of the order, the newest first."""
    rows = await connection.fetch(f"{_PAYMENT} WHERE order_id = $1 ORDER BY id DESC", order_id)
    return [_payment(row) for row in rows]


async def lock_order(connection: Connection, order_id: UUID) -> list[Payment]:
    """Return every payment of the order, the newest first, and keep others from changing them until the commit."""
    rows = await connection.fetch(f"{_PAYMENT} WHERE order_id = $1 ORDER BY id DESC FOR UPDATE", order_id)
    return [_payment(row) for row in rows]


async def lock_order_of(connection: Connection, payment_id: UUID) -> list[Payment]:
    """Return the payments of the order that this payment is for, locked; none when there is no such payment."""
    order_id = await connection.fetchval("SELECT order_id FROM payment WHERE id = $1", payment_id)
    return await lock_order(connection, order_id) if order_id else []


async def opened_before(connection: Connection, before: datetime, after: UUID | None) -> list[Payment]:
    """Return a page of the payments opened before a time and not settled, by id; `after` ends the page before."""
    rows = await connection.fetch(
        f"{_PAYMENT} WHERE state = 'opened' AND opened_at < $1 AND ($2::uuid IS NULL OR id > $2) "
        f"ORDER BY id LIMIT {PAGE}",
        before,
        after,
    )
    return [_payment(row) for row in rows]


async def add(connection: Connection, payment: Payment) -> bool:
    """Keep a new payment; return False when its order has got a live one meanwhile."""
    added = await connection.fetchval(
        """
        INSERT INTO payment (id, order_id, cents, currency, description, state, created_at)
        VALUES ($1, $2, $3, $4, $5::text::jsonb, $6, $7)
        ON CONFLICT (order_id) WHERE state IN ('prepared', 'opened') DO NOTHING
        RETURNING true
        """,
        payment.id,
        payment.order_id,
        payment.amount.cents,
        payment.amount.currency,
        msgspec.json.encode(payment.description).decode(),
        payment.state,
        payment.created_at,
    )
    return bool(added)


async def save(connection: Connection, payment: Payment) -> None:
    """Keep what changes in a payment's life."""
    await connection.execute(
        """
        UPDATE payment SET state = $2, provider_id = $3, pay_url = $4, late = $5, surplus = $6, opened_at = $7,
                           settled_at = $8
         WHERE id = $1
        """,
        payment.id,
        payment.state,
        payment.provider_id,
        payment.pay_url,
        payment.late,
        payment.surplus,
        payment.opened_at,
        payment.settled_at,
    )


async def add_event(connection: Connection, event: Event, *, changed: bool, now: datetime) -> None:
    """Keep what the provider said, once."""
    await connection.execute(
        """
        INSERT INTO payment_event (id, payment_id, event_id, outcome, changed, received_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (event_id) DO NOTHING
        """,
        uuid7(),
        event.outcome.payment_id,
        event.id,
        event.outcome.state,
        changed,
        now,
    )


async def add_entry(connection: Connection, payment: Payment, debit: str, credit: str, now: datetime) -> None:
    """Write the payment's amount into the ledger."""
    await connection.execute(
        "INSERT INTO ledger_entry (id, payment_id, debit, credit, cents, written_at) VALUES ($1, $2, $3, $4, $5, $6)",
        uuid7(),
        payment.id,
        debit,
        credit,
        payment.amount.cents,
        now,
    )


def _payment(row: asyncpg.Record) -> Payment:
    values = dict(row)
    return Payment(
        amount=Money(values.pop("cents")),
        description=msgspec.json.decode(values.pop("description"), type=Wording),
        state=State(values.pop("state")),
        **values,
    )
