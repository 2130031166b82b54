"""The SQL of what was asked without a right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from services.registers.sandbox.store import Connection
from services.registers.sandbox.xroad import LOGGED, Message


async def add(connection: Connection, register: str, message: Message, now: datetime) -> None:
    """Record that a client tried to ask what it may not."""
    await connection.execute(
        f"""
        INSERT INTO denied_access (register, at, {LOGGED}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        """,  # noqa: S608 - names of this program
        register,
        now,
        *message.logged(),
    )


async def denials(
    connection: Connection, register: str, after: int, limit: int, subject: str | None
) -> Sequence[asyncpg.Record]:
    """Return who tried to ask a register what they may not, by id; about one person when a subject is given."""
    return await connection.fetch(
        f"""
        SELECT id, {LOGGED}, at
        FROM denied_access WHERE register = $1 AND id > $2 AND ($4::text IS NULL OR subject = $4) ORDER BY id LIMIT $3
        """,  # noqa: S608 - names of this program
        register,
        after,
        limit,
        subject,
    )
