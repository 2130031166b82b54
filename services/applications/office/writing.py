"""A person writes to the office that has her application, and the office answers: nothing else changes by that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7

from i18n.refusal import Refused
from i18n.text import _
from services.applications import attached
from services.applications.application import Application
from services.applications.casework import find
from services.applications.kinds.attaching import Named
from services.applications.kinds.kind import in_each
from services.applications.member import Member
from services.applications.office import review, store
from services.applications.office.errors import HeldByAnother
from services.applications.office.message import Kind, Message, written
from services.applications.queue.wanted import OPEN
from services.applications.store import Connection
from services.attachments import store as attachments
from services.catalogue.question import File

MOST_UNANSWERED = 5
_PAPERS = in_each(_("Files").say)
_WHICH = in_each(_("What the office should see with your message.").say)


class NothingToWriteAbout(Refused):
    """One writes about what an office works on, and only then."""

    def __init__(self) -> None:
        super().__init__("not_open", _("No office is working on this application, so there is nobody to write to."))


class TooManyMessages(Refused):
    """An office is written to a few times, then it answers."""

    def __init__(self) -> None:
        super().__init__("too_many_messages", _("You have written several times. Wait for the office's answer."))


def may_write(application: Application) -> bool:
    """Tell whether an office works on an application, so that both sides may write."""
    return application.desk is not None and application.state in OPEN


def must_be_open(application: Application) -> None:
    """Refuse where there is nobody to write to."""
    if not may_write(application):
        raise NothingToWriteAbout


async def papers(connection: Connection, application_id: UUID) -> File:
    """Return the question for the files of her next message: each message has one of its own."""
    before = [one for one in await store.messages(connection, application_id) if one.kind == "message"]
    return File(id=f"message-{len(before) + 1}", label=_PAPERS, hint=_WHICH, optional=True)


async def write(connection: Connection, application_id: UUID, person_id: UUID, text: str, now: datetime) -> Application:
    """Return the application about which its person has written to the office, with what she attached to that.

    Invalid, Refused.
    """
    application = await find(connection, application_id, person_id, lock=True)
    must_be_open(application)
    if await _unanswered(connection, application_id) >= MOST_UNANSWERED:
        raise TooManyMessages
    question = await papers(connection, application_id)
    files = (await attached.held(connection, application_id, [question])).get(question.id, [])
    await _say(connection, application, "message", person_id, text, now, files)
    await attachments.forget_taken(connection, application_id)
    return application


async def answer(connection: Connection, member: Member, application_id: UUID, text: str, now: datetime) -> Application:
    """Return the application about which who has it has written to its person."""
    application = await review.find(connection, member, application_id, lock=True)
    if application.officer_id != member.person_id:
        raise HeldByAnother
    must_be_open(application)
    await _say(connection, application, "answer", member.person_id, text, now)
    return application


async def _unanswered(connection: Connection, application_id: UUID) -> int:
    """Return how many messages of hers came since the office last wrote to her."""
    count = 0
    for message in await store.messages(connection, application_id):
        if message.kind == "message":
            count += 1
        elif message.kind in {"answer", "request"}:
            count = 0
    return count


async def _say(  # noqa: PLR0917 - a message is all of this
    connection: Connection,
    application: Application,
    kind: Kind,
    author: UUID,
    text: str,
    now: datetime,
    files: Sequence[Named] = (),
) -> None:
    message = Message(
        id=uuid7(),
        application_id=application.id,
        kind=kind,
        author_id=author,
        text=written(text),
        at=now,
        files=tuple(files),
    )
    await store.say(connection, message)
