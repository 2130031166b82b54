"""The only SQL of notices."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from services.notices.notice import Kind, Letter, Notice

Connection: TypeAlias = asyncpg.Connection | PoolConnectionProxy

_NOTICE = (
    "n.id, n.person_id, n.application_id, n.case_id, coalesce(a.reference, c.reference) AS reference, a.service_id,"
    " n.kind, n.created_at, n.read_at"
)
_ABOUT = "LEFT JOIN application a ON a.id = n.application_id LEFT JOIN data_case c ON c.id = n.case_id"


async def add(
    connection: Connection, notice_id: UUID, *, application_id: UUID, person_id: UUID, kind: Kind, now: datetime
) -> UUID | None:
    """Return the id of the notice, or None when this was told before; what is asked and written is told each time."""
    return await connection.fetchval(
        """
        INSERT INTO notice (id, person_id, application_id, kind, created_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (application_id, kind, person_id)
        DO UPDATE SET created_at = EXCLUDED.created_at, read_at = NULL, mailed_at = NULL
        WHERE notice.kind IN (
            'asked', 'office_answered', 'citizen_wrote', 'revoked', 'reissued', 'correction_answered'
        )
        RETURNING id
        """,
        notice_id,
        person_id,
        application_id,
        kind,
        now,
    )


async def add_about_case(
    connection: Connection, notice_id: UUID, *, case_id: UUID, person_id: UUID, kind: Kind, now: datetime
) -> UUID | None:
    """Return the id of the notice, or None when this was told before."""
    return await connection.fetchval(
        """
        INSERT INTO notice (id, person_id, case_id, kind, created_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (case_id, kind) WHERE case_id IS NOT NULL DO NOTHING RETURNING id
        """,
        notice_id,
        person_id,
        case_id,
        kind,
        now,
    )


async def of(connection: Connection, person_id: UUID, after: UUID | None, limit: int) -> list[Notice]:
    """Return up to `limit` notices older than `after`, newest first."""
    rows = await connection.fetch(
        f"""
        SELECT {_NOTICE} FROM notice n {_ABOUT}
         WHERE n.person_id = $1 AND ($2::uuid IS NULL OR n.id < $2) ORDER BY n.id DESC LIMIT $3
        """,  # noqa: S608 - the columns are ours
        person_id,
        after,
        limit,
    )
    return [Notice(**dict(row)) for row in rows]


async def read(connection: Connection, notice_id: UUID, person_id: UUID, now: datetime) -> Notice | None:
    """Return the person's notice, marked as read; None where she has no such notice."""
    row = await connection.fetchrow(
        f"""
        WITH n AS (
            UPDATE notice SET read_at = coalesce(read_at, $3) WHERE id = $1 AND person_id = $2 RETURNING *
        )
        SELECT {_NOTICE} FROM n {_ABOUT}
        """,  # noqa: S608 - the columns are ours
        notice_id,
        person_id,
        now,
    )
    return Notice(**dict(row)) if row else None


async def letter(connection: Connection, notice_id: UUID) -> Letter | None:
    """Return a notice not yet mailed with its person's address and language."""
    row = await connection.fetchrow(
        f"""
        SELECT {_NOTICE}, p.email, p.language, p.given_name
          FROM notice n {_ABOUT} JOIN person p ON p.id = n.person_id
         WHERE n.id = $1 AND n.mailed_at IS NULL AND p.email IS NOT NULL
        """,  # noqa: S608 - the columns are ours
        notice_id,
    )
    if row is None:
        return None
    values: dict[str, Any] = dict(row)
    reader = {name: values.pop(name) for name in ("email", "language", "given_name")}
    return Letter(notice=Notice(**values), **reader)


async def mailed(connection: Connection, notice_id: UUID, now: datetime) -> None:
    """Note when the mail left."""
    await connection.execute("UPDATE notice SET mailed_at = $2 WHERE id = $1", notice_id, now)
