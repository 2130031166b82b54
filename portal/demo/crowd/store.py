"""The crowd's way into the database: by COPY, a batch at a time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from portal.database import Connection

Row = tuple[Any, ...]
Counted = Mapping[tuple[str, date, int, int], int]  # service, day, within so many days, or seconds

_COLUMNS = {
    "person": ("id", "personal_number", "given_name", "family_name", "birthdate", "language", "created_at"),
    "application": (
        *("id", "reference", "service_id", "service_version", "person_id", "channel", "language", "state", "answers"),
        *("facts", "fee_cents", "payment_id", "document_id", "refusal", "revision", "created_at", "updated_at"),
        *("submitted_at", "decided_at", "issued_at", "desk", "due_on", "officer_id"),
    ),
    "application_event": ("application_id", "revision", "step", "state", "actor", "at"),
    "application_message": ("id", "application_id", "kind", "author_id", "text", "questions", "at"),
}


async def lock(connection: Connection) -> None:
    """Wait until no other command fills this database, and keep others waiting until the connection ends."""
    await connection.execute("SELECT pg_advisory_lock(hashtext('crowd'))")


async def issuers(connection: Connection) -> list[str]:
    """Return every eID by which somebody has signed in."""
    return [row["issuer"] for row in await connection.fetch("SELECT DISTINCT issuer FROM identity_link")]


async def present(connection: Connection, ids: Sequence[UUID]) -> set[UUID]:
    """Return who of these is there."""
    return {row["id"] for row in await connection.fetch("SELECT id FROM person WHERE id = ANY($1)", list(ids))}


async def copy(connection: Connection, tables: Mapping[str, Iterable[Row]], counted: Counted, part: int) -> None:
    """Keep the rows of each table, in the order of its columns above, and count the decisions."""
    for table, rows in tables.items():
        await connection.copy_records_to_table(table, records=rows, columns=_COLUMNS[table])
    await connection.executemany(
        """
        INSERT INTO decision_rollup AS kept (service_id, day, days, seconds, part, decisions)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (service_id, day, days, seconds, part) DO UPDATE SET decisions = kept.decisions + EXCLUDED.decisions
        """,
        [(*key, part, count) for key, count in sorted(counted.items())],
    )


async def analyze(connection: Connection) -> None:
    """Let PostgreSQL know at once how much there is now."""
    await connection.execute("ANALYZE person, application, application_event, application_message, decision_rollup")
