"""The tracker's only SQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias
from uuid import UUID

import asyncpg
import msgspec
from asyncpg.pool import PoolConnectionProxy

from i18n.text import Wording

Connection: TypeAlias = asyncpg.Connection | PoolConnectionProxy


async def add(connection: Connection, reads: Sequence[tuple[object, ...]]) -> None:
    """Insert reads, in the order of the columns below."""
    await connection.executemany(
        """
        INSERT INTO fact_read (
            id, subject, reader_kind, reader_role, reader_id, register, fact, purpose, legal_basis,
            application_id, channel, message_id, at, outcome
        ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8::text::jsonb, $9::text::jsonb, $10, $11, $12, $13, $14)
        """,
        reads,
    )


async def page(
    connection: Connection, personal_number: str, after: UUID | None, limit: int
) -> Sequence[asyncpg.Record]:
    """Return reads about a person, newest first, older than the one with id `after`; ids grow with time (UUIDv7)."""
    return await connection.fetch(
        """
        SELECT id, subject, reader_kind, reader_role, reader_id, register, fact,
               purpose::text AS purpose, legal_basis::text AS legal_basis,
               application_id, channel, message_id, at, outcome
        FROM fact_read
        WHERE subject = $1 AND ($2::uuid IS NULL OR id < $2)
        ORDER BY id DESC
        LIMIT $3
        """,
        personal_number,
        after,
        limit,
    )


def words(wording: Wording) -> str:
    """Return words in every language as JSON text."""
    return msgspec.json.encode(wording).decode()


def wording(text: str) -> Wording:
    """Return the words that `words` wrote."""
    return msgspec.json.decode(text, type=Wording)
