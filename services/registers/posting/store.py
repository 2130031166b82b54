"""The memory of what registers are told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from services.registers.posting.posting import Outcome, Posting
from services.registers.store import Connection

_COLUMNS = """id, application_id, reference, place, desk, target, subject, represented, body::text,
    purpose::text, legal_basis::text, state, put_at, tries, tried_at, settled_at, number, why, again"""
_JSON = ("body", "purpose", "legal_basis")
_AT_ONCE = 1000


async def add(connection: Connection, posting: Posting) -> bool:
    """Keep what is to be told; False when the same line of the same application was kept before."""
    status = await connection.execute(
        """
        INSERT INTO register_posting (id, application_id, reference, place, desk, target, subject, represented,
            body, purpose, legal_basis, state, put_at, settled_at, why)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::text::jsonb, $10::text::jsonb, $11::text::jsonb, $12, $13, $14, $15)
        ON CONFLICT (application_id, place) WHERE again IS NULL DO NOTHING
        """,
        posting.id,
        posting.application_id,
        posting.reference,
        posting.place,
        posting.desk,
        posting.target,
        posting.subject,
        posting.represented,
        _json(posting.body),
        _json(posting.purpose),
        _json(posting.legal_basis),
        posting.state,
        posting.put_at,
        posting.settled_at,
        posting.why,
    )
    return status == "INSERT 0 1"


async def number_of(connection: Connection, person_id: UUID) -> str:
    """Return the personal number by which registers know a person of the portal."""
    return await connection.fetchval("SELECT personal_number FROM person WHERE id = $1", person_id)


async def find(connection: Connection, posting_id: UUID, *, lock: bool = False) -> Posting | None:
    """Return a posting, locked for a change or only read."""
    row = await connection.fetchrow(
        f"SELECT {_COLUMNS} FROM register_posting WHERE id = $1 {'FOR UPDATE' if lock else ''}",  # noqa: S608 - ours
        posting_id,
    )
    return _posting(row) if row else None


async def of_application(connection: Connection, application_id: UUID) -> list[Posting]:
    """Return what registers are told because of an application, without what was sent again in another's place."""
    rows = await connection.fetch(
        f"SELECT {_COLUMNS} FROM register_posting WHERE application_id = $1 AND again IS NULL ORDER BY place",  # noqa: S608
        application_id,
    )
    return [_posting(row) for row in rows]


async def waiting(connection: Connection, before: datetime) -> list[UUID]:
    """Return what was put before a time and no register has answered yet, oldest first."""
    rows = await connection.fetch(
        "SELECT id FROM register_posting WHERE state = 'waiting' AND put_at < $1 ORDER BY put_at LIMIT $2",
        before,
        _AT_ONCE,
    )
    return [row["id"] for row in rows]


async def unsettled(connection: Connection, desks: Sequence[str], before: datetime) -> list[Posting]:
    """Return what registers refused of these desks, and what waits since before a time; oldest first."""
    rows = await connection.fetch(
        f"""
        SELECT {_COLUMNS} FROM register_posting
        WHERE desk = ANY($1) AND again IS NULL AND (state = 'refused' OR state = 'waiting' AND put_at < $2)
        ORDER BY put_at, id LIMIT $3
        """,  # noqa: S608 - our own columns
        list(desks),
        before,
        _AT_ONCE,
    )
    return [_posting(row) for row in rows]


async def tried(connection: Connection, posting_id: UUID, now: datetime) -> None:
    """Keep that a register was told and did not answer."""
    await connection.execute(
        "UPDATE register_posting SET tries = tries + 1, tried_at = $2 WHERE id = $1 AND state = 'waiting'",
        posting_id,
        now,
    )


async def settle(connection: Connection, posting_id: UUID, outcome: Outcome) -> None:
    """Keep what a register answered."""
    await connection.execute(
        """
        UPDATE register_posting SET state = $2, settled_at = $3, number = $4, why = $5, tries = tries + 1, tried_at = $3
        WHERE id = $1
        """,
        posting_id,
        "refused" if outcome.why else "recorded",
        outcome.at,
        outcome.number,
        outcome.why,
    )


async def replace(connection: Connection, posting_id: UUID, again: UUID) -> None:
    """Keep which one is sent in a refused one's place."""
    await connection.execute("UPDATE register_posting SET again = $2 WHERE id = $1", posting_id, again)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _posting(row: Any) -> Posting:  # noqa: ANN401 - a record
    values: dict[str, Any] = dict(row)
    for column in _JSON:
        values[column] = msgspec.json.decode(values[column])
    return msgspec.convert(values, Posting)
