"""The only SQL of attachments: each content once by its SHA-256, and who attached it to what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias, cast
from uuid import UUID

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from services.attachments.attachment import Attachment, Standing

Connection: TypeAlias = asyncpg.Connection | PoolConnectionProxy

_ATTACHMENT = """
    SELECT id, application_id, question, name, type, size, sha256, located, attached_at, standing
    FROM attachment JOIN attachment_content USING (sha256)
"""


@dataclass(frozen=True, slots=True)
class Content:
    """What is to be kept: bytes under their digest, scanned or not."""

    sha256: bytes
    content: bytes
    standing: Standing


async def keep(connection: Connection, kept: Content, now: datetime) -> Standing:
    """Keep a content, once; return how it stands by then: what was harmful before is, until it is found clean."""
    return await connection.fetchval(
        """
        INSERT INTO attachment_content AS old (sha256, content, size, standing, kept_at, scanned_at)
        VALUES ($1, $2::bytea, $3, $4::text, $5::timestamptz, CASE WHEN $4::text = 'clean' THEN $5::timestamptz END)
        ON CONFLICT (sha256) DO UPDATE SET
            content = CASE WHEN $4::text = 'clean' AND old.content IS NULL THEN $2::bytea ELSE old.content END,
            standing = CASE WHEN $4::text = 'clean' THEN 'clean' ELSE old.standing END,
            found = CASE WHEN $4::text <> 'clean' THEN old.found END,
            scanned_at = CASE WHEN $4::text = 'clean' THEN $5::timestamptz ELSE old.scanned_at END
        RETURNING standing
        """,
        kept.sha256,
        kept.content,
        len(kept.content),
        kept.standing,
        now,
    )


async def add(connection: Connection, attachment: Attachment) -> None:
    """Note that a kept content is attached; the same one to the same question is attached once."""
    await connection.execute(
        """
        INSERT INTO attachment (id, application_id, question, sha256, name, type, located, attached_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING
        """,
        attachment.id,
        attachment.application_id,
        attachment.question,
        attachment.sha256,
        attachment.name,
        attachment.type,
        attachment.located,
        attachment.attached_at,
    )


async def note_harm(  # noqa: PLR0917 - what is noted
    connection: Connection,
    event_id: UUID,
    application_id: UUID,
    question: str,
    sha256: bytes,
    found: str,
    now: datetime,
) -> None:
    """Note for good that something harmful was sent; it is kept nowhere."""
    await connection.execute(
        """
        INSERT INTO attachment_refused_event (id, application_id, question, sha256, found, at)
        VALUES ($1, $2, $3, $4, $5, $6)
        """,
        event_id,
        application_id,
        question,
        sha256,
        found,
        now,
    )


async def of_application(connection: Connection, application_id: UUID, *, all_: bool = False) -> list[Attachment]:
    """Return what is attached to an application, in the order in which it came; `all_`: also what was taken away."""
    rows = await connection.fetch(
        f"{_ATTACHMENT} WHERE application_id = $1 AND ($2 OR taken_away_at IS NULL) ORDER BY id", application_id, all_
    )
    return [_attachment(row) for row in rows]


async def content(connection: Connection, sha256: bytes) -> bytes | None:
    """Return a content; None where it was harmful, or is gone."""
    return await connection.fetchval("SELECT content FROM attachment_content WHERE sha256 = $1", sha256)


async def take_away(connection: Connection, application_id: UUID, attachment_id: UUID, now: datetime) -> None:
    """Note that an attachment was taken away; it is there until that counts (see `forget_taken`)."""
    await connection.execute(
        "UPDATE attachment SET taken_away_at = $3 WHERE application_id = $1 AND id = $2 AND taken_away_at IS NULL",
        application_id,
        attachment_id,
        now,
    )


async def forget_taken(connection: Connection, application_id: UUID) -> None:
    """Forget what was taken away from an application."""
    rows = await connection.fetch(
        "DELETE FROM attachment WHERE application_id = $1 AND taken_away_at IS NOT NULL RETURNING sha256",
        application_id,
    )
    await _forget_contents(connection, (row["sha256"] for row in rows))


async def forget(connection: Connection, application_id: UUID) -> None:
    """Forget all that was attached to an application."""
    rows = await connection.fetch("DELETE FROM attachment WHERE application_id = $1 RETURNING sha256", application_id)
    await _forget_contents(connection, (row["sha256"] for row in rows))


async def sweep(connection: Connection, before: datetime) -> None:
    """Forget what was attached before a time and no answer nor message names, of applications that were sent."""
    rows = await connection.fetch(
        """
        DELETE FROM attachment USING application
        WHERE application.id = application_id AND attached_at < $1
            AND state::text NOT IN ('draft', 'awaiting_citizen')
            AND NOT coalesce(answers -> question, '[]') @> jsonb_build_array(jsonb_build_object('id', attachment.id))
            AND NOT EXISTS (
                SELECT FROM application_message message WHERE message.application_id = application.id
                    AND message.files @> jsonb_build_array(jsonb_build_object('id', attachment.id))
            )
        RETURNING sha256
        """,
        before,
    )
    await _forget_contents(connection, (row["sha256"] for row in rows))


async def waiting(connection: Connection, but: Iterable[bytes]) -> bytes | None:
    """Return the digest of the content that waits longest to be scanned, without some; None when none does."""
    return await connection.fetchval(
        """
        SELECT sha256 FROM attachment_content WHERE standing = 'waiting' AND sha256 <> ALL($1) ORDER BY kept_at LIMIT 1
        """,
        list(but),
    )


async def bearers(connection: Connection, sha256: bytes) -> list[UUID]:
    """Return the applications to which a content is attached."""
    rows = await connection.fetch(
        "SELECT DISTINCT application_id FROM attachment WHERE sha256 = $1 ORDER BY application_id", sha256
    )
    return [row["application_id"] for row in rows]


async def settle(connection: Connection, sha256: bytes, found: str | None, now: datetime) -> None:
    """Note what a scan found in a content, nothing of which is kept then."""
    await connection.execute(
        """
        UPDATE attachment_content SET standing = CASE WHEN $2::text IS NULL THEN 'clean' ELSE 'harmful' END,
            content = CASE WHEN $2::text IS NULL THEN content END, found = $2, scanned_at = $3
        WHERE sha256 = $1 AND standing = 'waiting'
        """,
        sha256,
        found,
        now,
    )


async def _forget_contents(connection: Connection, digests: Iterable[bytes]) -> None:
    """Forget those contents that nothing names any more.

    They are held first, so that whoever is attaching one meanwhile is waited for, and then seen.
    """
    ordered = sorted(set(digests))
    if not ordered:
        return
    await connection.execute(
        "SELECT FROM attachment_content WHERE sha256 = ANY($1) ORDER BY sha256 FOR UPDATE", ordered
    )
    await connection.execute(
        """
        DELETE FROM attachment_content kept
        WHERE sha256 = ANY($1) AND NOT EXISTS (SELECT FROM attachment WHERE attachment.sha256 = kept.sha256)
        """,
        ordered,
    )


def _attachment(row: Any) -> Attachment:  # noqa: ANN401 - a record
    return Attachment(**cast("dict[str, Any]", dict(row)))
