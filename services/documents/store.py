"""The documents' memory: each as it was issued, never changed; revocations and checks beside it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, TypeAlias, cast
from uuid import UUID

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from i18n.refusal import NotFound
from services.documents.document import Document

Connection: TypeAlias = asyncpg.Connection | PoolConnectionProxy

_DOCUMENT = """
    SELECT document.id, application_id, code, kind, language, institution, reference, holder_masked, sha256, sealed_at,
           revoked_at, reason AS revocation_reason
    FROM document LEFT JOIN document_revocation ON document_revocation.document_id = document.id
"""


async def save(connection: Connection, document: Document, pdf: bytes) -> Document:
    """Return the document as kept: this one, or the one that this application was issued before."""
    await connection.execute(
        """
        INSERT INTO document (
            id, application_id, code, kind, language, institution, reference, holder_masked, sha256, sealed_at, pdf
        ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        ON CONFLICT (application_id, kind) WHERE replaces IS NULL DO NOTHING
        """,
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
    )
    kept = await _one(connection, "WHERE application_id = $1 AND kind = $2", document.application_id, document.kind)
    return cast("Document", kept)


async def find_by_code(connection: Connection, code: str) -> Document | None:
    """Return the document with this code in its normal form, or None."""
    return await _one(connection, "WHERE code = $1", code)


async def find_by_sha256(connection: Connection, sha256: bytes) -> Document | None:
    """Return the document whose sealed file has this digest, or None."""
    return await _one(connection, "WHERE sha256 = $1", sha256)


async def of_application(connection: Connection, application_id: UUID) -> Document | None:
    """Return what was issued last for an application, or None; whose it is, the caller has checked."""
    return await _one(connection, "WHERE application_id = $1 ORDER BY sealed_at DESC LIMIT 1", application_id)


async def find_pdf(connection: Connection, application_id: UUID, person_id: UUID) -> bytes:
    """Return the last sealed file of this person's application; NotFound when it is not hers or there is none."""
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


async def revoke(connection: Connection, document_id: UUID, reason: str, now: datetime) -> None:
    """Take a document back, with the reason that the institution gives; a second time changes nothing."""
    await connection.execute(
        """
        INSERT INTO document_revocation (document_id, revoked_at, reason) VALUES ($1, $2, $3)
        ON CONFLICT (document_id) DO NOTHING
        """,
        document_id,
        now,
        reason,
    )


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
    row = await connection.fetchrow(_DOCUMENT + where, *values)
    return Document(**row) if row else None
