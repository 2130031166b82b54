"""Attaches a file to an application, within its limits, and gives its content to whoever may have it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7

from i18n.refusal import NotFound
from services.attachments import store
from services.attachments.attachment import Attachment, Limits, Problem
from services.attachments.errors import Harmful, NotScanned
from services.attachments.store import Connection, Content


async def attach(
    connection: Connection, attachment: Attachment, content: bytes, limits: Limits, now: datetime
) -> Problem | None:
    """Attach a file, or return why not; the caller holds the application. Attached again, it is attached once."""
    there = await store.of_application(connection, attachment.application_id)
    beside = [one for one in there if one.question == attachment.question]
    if any(one.sha256 == attachment.sha256 for one in beside):
        return None
    if len(beside) >= limits.of_question:
        return "too_many"
    if len(there) >= limits.of_application:
        return "too_many_in_all"
    if await store.keep(connection, Content(attachment.sha256, content, attachment.standing), now) == "harmful":
        return "harmful"
    await store.add(connection, attachment)
    return None


async def refuse_harmful(connection: Connection, attachment: Attachment, found: str, now: datetime) -> Problem:
    """Note that something harmful was sent, and return that it is not taken."""
    where = (attachment.application_id, attachment.question)
    await store.note_harm(connection, uuid7(), *where, attachment.sha256, found, now)
    return "harmful"


async def find(connection: Connection, application_id: UUID, attachment_id: UUID) -> Attachment:
    """Return an attachment of an application, also one that is being replaced; NotFound."""
    for one in await store.of_application(connection, application_id, all_=True):
        if one.id == attachment_id:
            return one
    raise NotFound


async def opened(connection: Connection, attachment: Attachment, *, is_scanned_first: bool) -> bytes:
    """Return the content; NotScanned while it waits for a scanner that is there, Harmful when that found something."""
    if attachment.standing == "harmful":
        raise Harmful
    if attachment.standing == "waiting" and is_scanned_first:
        raise NotScanned
    content = await store.content(connection, attachment.sha256)
    if content is None:
        raise NotFound
    return content
