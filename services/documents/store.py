"""The documents' memory: each as it was issued, never changed; revocations and checks beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, TypeAlias, cast
from uuid import UUID

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from i18n.refusal import NotFound
from services.documents.document import Document

Connection: TypeAlias = asyncpg.Connection | PoolConnectionProxy

DOCUMENT = """
    SELECT document.id, document.application_id, document.code, document.kind, document.language, document.institution,
           document.reference, document.holder_masked, document.sha256, document.sealed_at, document.replaces,
           revoked_at, reason AS revocation_reason, ground AS revocation_ground,
           document_revocation.desk AS revocation_desk, successor.code AS replaced_by,
           coalesce(application.desk, document.institution) AS desk
    FROM document JOIN application ON application.id = document.application_id
    LEFT JOIN document_revocation ON document_revocation.document_id = document.id
    LEFT JOIN document AS successor ON successor.replaces = document.id
"""


async def save(connection: Connection, document: Document, pdf: bytes) -> Document:
    """Return the document as kept: this one, or the one that this application was issued before in its place."""
    once = "(replaces)" if document.replaces else "(application_id, kind) WHERE replaces IS NULL"
    await connection.execute(
        f"""
        INSERT INTO document (
            id, application_id, code, kind, language, institution, reference, holder_masked, sha256, sealed_at, pdf,
            replaces
        ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        ON CONFLICT {once} DO NOTHING
        """,  # noqa: S608 - one of two constants
        document.id,
        document.application_id,
        document.code,
        document.kind,
        document.language,
        document.institution,
        document.reference,
        document.holder_masked,
        document.sha256,
        document.sealed_at,
        pdf,
        document.replaces,
    )
    if document.replaces:
        return cast("Document", await _one(connection, "WHERE document.replaces = $1", document.replaces))
    first = "WHERE document.application_id = $1 AND document.kind = $2 AND document.replaces IS NULL"
    return cast("Document", await _one(connection, first, document.application_id, document.kind))


async def find_by_code(connection: Connection, code: str) -> Document | None:
    """Return the document with this code in its normal form, or None."""
    return await _one(connection, "WHERE document.code = $1", code)


async def find_by_sha256(connection: Connection, sha256: bytes) -> Document | None:
    """Return the document whose sealed file has this digest, or None."""
    return await _one(connection, "WHERE document.sha256 = $1", sha256)


async def of_application(connection: Connection, application_id: UUID) -> Document | None:
    """Return what was issued for an application last, or None; whose it is, the caller has checked."""
    newest = "WHERE document.application_id = $1 ORDER BY document.sealed_at DESC LIMIT 1"
    return await _one(connection, newest, application_id)


async def before(connection: Connection, document: Document) -> Document | None:
    """Return the document that this one replaces."""
    return await _one(connection, "WHERE document.id = $1", document.replaces) if document.replaces else None


async def find(connection: Connection, document_id: UUID) -> Document | None:
    """Return a document, whoever's it is: for the worker, never for a page."""
    return await _one(connection, "WHERE document.id = $1", document_id)


async def of_desk(connection: Connection, document_id: UUID, desks: Sequence[str], but: UUID) -> Document | None:
    """Return a document that one of these desks answers for, when it is not the member's own."""
    where = "WHERE document.id = $1 AND coalesce(application.desk, document.institution) = ANY($2) AND person_id <> $3"
    return await _one(connection, where, document_id, list(desks), but)


async def sought(connection: Connection, typed: str, code: str, desks: Sequence[str], but: UUID) -> Document | None:
    """Return the newest document of these desks with this code, or of the application with this reference."""
    where = """
        WHERE (document.code = $1 OR document.reference = $2)
          AND coalesce(application.desk, document.institution) = ANY($3) AND person_id <> $4
        ORDER BY document.code = $1 DESC, document.sealed_at DESC LIMIT 1
    """
    return await _one(connection, where, code, typed, list(desks), but)


async def find_pdf(connection: Connection, application_id: UUID, person_id: UUID) -> bytes:
    """Return the newest sealed file of this person's application; NotFound when it is not hers or there is none."""
    pdf = await connection.fetchval(
        """
        SELECT pdf FROM document JOIN application ON application.id = document.application_id
        WHERE application.id = $1 AND application.person_id = $2 ORDER BY sealed_at DESC LIMIT 1
        """,
        application_id,
        person_id,
    )
    if pdf is None:
        raise NotFound
    return cast("bytes", pdf)


async def revoke(
    connection: Connection,
    document_id: UUID,
    reason: str,
    now: datetime,
    *,
    ground: str | None = None,
    desk: str | None = None,
) -> None:
    """Take a document back, with the reason that the institution gives; a second time changes nothing."""
    await connection.execute(
        """
        INSERT INTO document_revocation (document_id, revoked_at, reason, ground, desk) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (document_id) DO NOTHING
        """,
        document_id,
        now,
        reason,
        ground,
        desk,
    )


async def revoked(connection: Connection) -> Sequence[asyncpg.Record]:
    """Return every revoked file's digest, when and on which ground, and the digest of its successor, if any."""
    return await connection.fetch(
        """
        SELECT document.sha256, revoked_at, ground, successor.sha256 AS successor
        FROM document_revocation JOIN document ON document.id = document_id
        LEFT JOIN document AS successor ON successor.replaces = document.id
        ORDER BY revoked_at, document.id
        """
    )


async def revoked_of(connection: Connection, applications: Sequence[UUID]) -> set[UUID]:
    """Return of which of these applications the newest document is revoked."""
    rows = await connection.fetch(
        """
        SELECT application_id FROM document JOIN document_revocation ON document_id = document.id
        WHERE application_id = ANY($1) AND NOT EXISTS (SELECT FROM document AS newer WHERE newer.replaces = document.id)
        """,
        list(applications),
    )
    return {row["application_id"] for row in rows}


async def count_check(connection: Connection, document_id: UUID, day: date) -> None:
    """Count one more check of the document on this day; who checked is not kept."""
    await connection.execute(
        """
        INSERT INTO document_check (document_id, day, times) VALUES ($1, $2, 1)
        ON CONFLICT (document_id, day) DO UPDATE SET times = document_check.times + 1
        """,
        document_id,
        day,
    )


async def checks(connection: Connection, document_id: UUID) -> int:
    """Return how often the document was checked."""
    return await connection.fetchval(
        "SELECT coalesce(sum(times), 0) FROM document_check WHERE document_id = $1", document_id
    )


async def _one(connection: Connection, where: str, *values: Any) -> Document | None:  # noqa: ANN401 - SQL parameters
    row = await connection.fetchrow(DOCUMENT + where, *values)
    return Document(**dict(row)) if row else None
