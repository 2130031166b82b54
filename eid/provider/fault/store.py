"""Remembers which answers are to be wrong, and for how long."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import astuple, dataclass
from datetime import datetime
from uuid import UUID

from eid.provider.store import Connection


@dataclass(frozen=True, slots=True)
class Fault:
    """Answers that are to be wrong: `times` of them, at one endpoint, for one client or (None) for any."""

    id: UUID
    client_id: str | None
    kind: str
    at: str
    times: int
    expires_at: datetime


async def want(connection: Connection, fault: Fault) -> None:
    """Keep a fault until it has happened."""
    await connection.execute(
        "INSERT INTO fault (id, client_id, kind, at, times, expires_at) VALUES ($1, $2, $3, $4, $5, $6)",
        *astuple(fault),
    )


async def wanted(connection: Connection, now: datetime) -> list[Fault]:
    """Return the faults that are yet to happen, the first one first."""
    rows = await connection.fetch("SELECT * FROM fault WHERE expires_at > $1 ORDER BY id", now)
    return [Fault(**dict(row)) for row in rows]


async def take(
    connection: Connection, at: str, kinds: Collection[str], client_id: str | None, now: datetime
) -> Fault | None:
    """Return the fault that happens now, one time less of it kept. `client_id` None: it is not known who asks."""
    row = await connection.fetchrow(
        """
        SELECT * FROM fault
         WHERE at = $1 AND kind = ANY ($2) AND expires_at > $4
           AND ($3::text IS NULL OR client_id IS NULL OR client_id = $3)
         ORDER BY id LIMIT 1 FOR UPDATE
        """,
        *(at, list(kinds), client_id, now),
    )
    if row is None:
        return None
    fault = Fault(**dict(row))
    if fault.times == 1:
        await connection.execute("DELETE FROM fault WHERE id = $1", fault.id)
    else:
        await connection.execute("UPDATE fault SET times = times - 1 WHERE id = $1", fault.id)
    return fault


async def clear(connection: Connection) -> None:
    """Let every answer be right again."""
    await connection.execute("DELETE FROM fault")


async def give_to_another(connection: Connection, token_hash: bytes, person_id: UUID) -> None:
    """Let an access token speak of another person."""
    await connection.execute("UPDATE access_token SET person_id = $2 WHERE token_hash = $1", token_hash, person_id)


async def sweep(connection: Connection, now: datetime) -> None:
    """Forget the faults that nobody met."""
    await connection.execute("DELETE FROM fault WHERE expires_at <= $1", now)
