"""The SQL of what was asked without a right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import asyncpg

from services.registers.sandbox.store import Connection
from services.registers.sandbox.xroad import Message


async def add(connection: Connection, register: str, message: Message, now: datetime) -> None:
    """Record that a client tried to ask what it may not."""
    await connection.execute(
        """
        INSERT INTO denied_access (register, message_id, client, user_id, issue, represented_party, service, subject,
            request_hash, signature, at)
        VALUES ($1, $2, $3, nullif($4, ''), $5, $6, $7, nullif($8, ''), $9, $10, $11)
        """,
        register,
        message.id,
        message.client,
        message.user_id,
        message.issue,
        message.represented,
        message.service,
        message.subject,
        message.hash,
        message.signature,
        now,
    )


async def denials(
    connection: Connection, register: str, after: int, limit: int, subject: str | None
) -> Sequence[asyncpg.Record]:
    """Return who tried to ask a register what they may not, by id; about one person when a subject is given."""
    return await connection.fetch(
        """
        SELECT id, message_id, client, user_id, issue, represented_party, service, subject, request_hash, signature, at
        FROM denied_access WHERE register = $1 AND id > $2 AND ($4::text IS NULL OR subject = $4) ORDER BY id LIMIT $3
        """,
        register,
        after,
        limit,
        subject,
    )
