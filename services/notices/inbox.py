"""What happens to notices: told, listed, read, mailed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7

from i18n.refusal import NotFound
from services.applications.application import Application
from services.applications.step import Enqueue
from services.notices import store
from services.notices.notice import Kind, Letter, Notice
from services.notices.store import Connection

PAGE = 20


async def tell(connection: Connection, application: Application, kind: Kind, enqueue: Enqueue, now: datetime) -> None:
    """Put a notice about an application in its person's inbox and the mail on the way; telling twice tells once."""
    await _told(connection, application, application.person_id, kind=kind, enqueue=enqueue, now=now)


async def tell_officer(connection: Connection, application: Application, enqueue: Enqueue, now: datetime) -> None:
    """Tell who has an application that its person has written; nobody while nobody has it."""
    if application.officer_id is not None:
        await _told(connection, application, application.officer_id, kind="citizen_wrote", enqueue=enqueue, now=now)


async def ask_to_sign(
    connection: Connection, application: Application, person_id: UUID, enqueue: Enqueue, now: datetime
) -> None:
    """Tell another parent or representative that an application awaits her signature; telling twice tells once."""
    await _told(connection, application, person_id, kind="co_signature", enqueue=enqueue, now=now)


async def tell_of_answer(
    connection: Connection, case_id: UUID, person_id: UUID, enqueue: Enqueue, now: datetime
) -> None:
    """Tell a person that what she asked about her data is answered; telling twice tells once."""
    notice_id = await store.add_about_case(
        connection, uuid7(), case_id=case_id, person_id=person_id, kind="case_answered", now=now
    )
    if notice_id is not None:
        await enqueue(connection, "mail", str(notice_id).encode())


async def of(connection: Connection, person_id: UUID, after: UUID | None) -> list[Notice]:
    """Return a page of a person's notices, newest first."""
    return await store.of(connection, person_id, after, PAGE)


async def read(connection: Connection, notice_id: UUID, person_id: UUID, now: datetime) -> Notice:
    """Return a notice of this person's, now read; NotFound for a stranger."""
    notice = await store.read(connection, notice_id, person_id, now)
    if notice is None:
        raise NotFound
    return notice


async def letter(connection: Connection, notice_id: UUID) -> Letter | None:
    """Return what is to be mailed; None when it has been, or the person gave no address."""
    return await store.letter(connection, notice_id)


async def mailed(connection: Connection, notice_id: UUID, now: datetime) -> None:
    """Note that the mail was taken by the mail server."""
    await store.mailed(connection, notice_id, now)


async def _told(
    connection: Connection, application: Application, person_id: UUID, *, kind: Kind, enqueue: Enqueue, now: datetime
) -> None:
    notice_id = await store.add(
        connection, uuid7(), application_id=application.id, person_id=person_id, kind=kind, now=now
    )
    if notice_id is not None:
        await enqueue(connection, "mail", str(notice_id).encode())
