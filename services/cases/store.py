"""The cases' memory."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from services.cases.case import Case, Outcome

Connection: TypeAlias = asyncpg.Connection | PoolConnectionProxy

_CASE = (
    "id, reference, kind, person_id, institution, read_id, register, fact, about, text, asked_at, answer_by, answer,"
    " outcome, answered_at"
)


async def add(connection: Connection, case: Case) -> Case:
    """Return the case as kept: this one, or the one that asks the same and is open already."""
    added = await connection.fetchrow(
        f"""
        INSERT INTO data_case (
            id, reference, kind, person_id, institution, read_id, register, fact, about, text, asked_at, answer_by
        ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        ON CONFLICT DO NOTHING RETURNING {_CASE}
        """,  # noqa: S608 - the columns are ours
        case.id,
        case.reference,
        case.kind,
        case.person_id,
        case.institution,
        case.read_id,
        case.register,
        case.fact,
        case.about,
        case.text,
        case.asked_at,
        case.answer_by,
    )
    return Case(**dict(added or await _same(connection, case)))


async def _same(connection: Connection, case: Case) -> asyncpg.Record:
    found = await connection.fetchrow(
        f"""
        SELECT {_CASE} FROM data_case
         WHERE person_id = $1 AND kind = $2 AND register = $3 AND fact = $4
           AND (read_id = $5 OR $5 IS NULL AND answered_at IS NULL AND about IS NOT DISTINCT FROM $6)
        """,  # noqa: S608 - the columns are ours
        case.person_id,
        case.kind,
        case.register,
        case.fact,
        case.read_id,
        case.about,
    )
    if found is None:
        raise LookupError("a case that was there is gone")
    return found


async def of(connection: Connection, person_id: UUID, after: UUID | None, limit: int) -> list[Case]:
    """Return up to `limit` cases of a person older than `after`, newest first."""
    rows = await connection.fetch(
        f"""
        SELECT {_CASE} FROM data_case
         WHERE person_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3
        """,  # noqa: S608 - the columns are ours
        person_id,
        after,
        limit,
    )
    return [Case(**dict(row)) for row in rows]


async def own(connection: Connection, case_id: UUID, person_id: UUID) -> Case | None:
    """Return a case of this person's, or None."""
    row = await connection.fetchrow(
        f"SELECT {_CASE} FROM data_case WHERE id = $1 AND person_id = $2",  # noqa: S608 - the columns are ours
        case_id,
        person_id,
    )
    return Case(**dict(row)) if row else None


async def about_reads(connection: Connection, person_id: UUID, reads: list[UUID]) -> dict[UUID, UUID]:
    """Return which of these looks the person has questioned: the look's id, and the case's."""
    rows = await connection.fetch(
        "SELECT read_id, id FROM data_case WHERE person_id = $1 AND read_id = ANY($2)", person_id, reads
    )
    return {row["read_id"]: row["id"] for row in rows}


async def waiting(connection: Connection, limit: int) -> list[Case]:
    """Return open cases, the one that is due first before the others."""
    rows = await connection.fetch(
        f"""
        SELECT {_CASE} FROM data_case WHERE answered_at IS NULL ORDER BY answer_by, id LIMIT $1
        """,  # noqa: S608 - the columns are ours
        limit,
    )
    return [Case(**dict(row)) for row in rows]


async def referred(connection: Connection, reference: str) -> Case | None:
    """Return the case of a reference, locked."""
    row = await connection.fetchrow(
        f"SELECT {_CASE} FROM data_case WHERE reference = $1 FOR UPDATE",  # noqa: S608 - the columns are ours
        reference,
    )
    return Case(**dict(row)) if row else None


async def answer(connection: Connection, case_id: UUID, outcome: Outcome, text: str, now: datetime) -> None:
    """Keep the answer, which stands for good."""
    await connection.execute(
        "UPDATE data_case SET answer = $2, outcome = $3, answered_at = $4 WHERE id = $1", case_id, text, outcome, now
    )
