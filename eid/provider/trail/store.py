"""Remembers what happened with a person's eID, and from where each session is used."""

from __future__ import annotations

from dataclasses import astuple
from datetime import datetime
from uuid import UUID

from eid.provider.store import Connection, Row
from eid.provider.trail.entry import KEPT, Entry
from eid.provider.trail.where import Where


async def save(connection: Connection, entry: Entry) -> None:
    """Keep what happened."""
    await connection.execute(
        """
        INSERT INTO trail (id, person_id, event, outcome, client_id, means, acr, at, browser, system, network)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        """,
        *(entry.id, entry.person_id, entry.event, entry.outcome, entry.client_id, entry.means, entry.acr, entry.at),
        *astuple(entry.where),
    )


async def of(connection: Connection, person_id: UUID, before: UUID | None, limit: int) -> list[Entry]:
    """Return what happened with a person's eID, newest first, from `before` on."""
    rows = await connection.fetch(
        "SELECT * FROM trail WHERE person_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3",
        *(person_id, before, limit),
    )
    return [_entry(row) for row in rows]


async def note_place(connection: Connection, session_id: UUID, where: Where, now: datetime) -> None:
    """Keep from where a session is used; one that is continued keeps since when."""
    await connection.execute(
        """
        INSERT INTO session_place (session_id, browser, system, network, opened_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (session_id) DO UPDATE
           SET browser = excluded.browser, system = excluded.system, network = excluded.network
        """,
        *(session_id, *astuple(where), now),
    )


async def sweep(connection: Connection, now: datetime) -> None:
    """Forget what happened three months ago."""
    await connection.execute("DELETE FROM trail WHERE at < $1", now - KEPT)


def _entry(row: Row) -> Entry:
    return Entry(
        id=row["id"],
        person_id=row["person_id"],
        event=row["event"],
        outcome=row["outcome"],
        client_id=row["client_id"],
        means=row["means"],
        acr=row["acr"],
        where=Where(row["browser"], row["system"], row["network"]),
        at=row["at"],
    )
