"""The only SQL of favourites."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

import asyncpg
from asyncpg.pool import PoolConnectionProxy

Connection: TypeAlias = asyncpg.Connection | PoolConnectionProxy


async def add(connection: Connection, person_id: UUID, service: str, now: datetime) -> None:
    """Keep a mark; twice is once, since the first time."""
    await connection.execute(
        "INSERT INTO favourite (person_id, service, marked_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        person_id,
        service,
        now,
    )


async def remove(connection: Connection, person_id: UUID, service: str) -> None:
    """Forget a person's own mark, if there is one."""
    await connection.execute("DELETE FROM favourite WHERE person_id = $1 AND service = $2", person_id, service)


async def of(connection: Connection, person_id: UUID) -> list[str]:
    """Return the services that a person marked, the last one first."""
    rows = await connection.fetch(
        "SELECT service FROM favourite WHERE person_id = $1 ORDER BY marked_at DESC, service", person_id
    )
    return [row["service"] for row in rows]
