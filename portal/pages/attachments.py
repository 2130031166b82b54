"""Files attached to an application: sent with a page of questions or a reply, and opened by whoever may."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import Response, get, post
from litestar.middleware import DefineMiddleware
from litestar.params import FromPath
from litestar.response import Redirect

from i18n.refusal import NotFound
from i18n.text import _
from portal import attaching, looked
from portal.database import Connection
from portal.limit import LimitMiddleware
from portal.pages import apply, correspondence, office_words, reply
from portal.session import citizen, now, officer
from portal.visit import Visit
from services.applications import casework, progress
from services.applications.application import Application
from services.applications.kinds.attaching import files
from services.applications.office import review, writing
from services.applications.office import store as offices
from services.attachments import keeping
from services.attachments.attachment import ENDINGS, Attachment
from services.registers.looked_at import ATTACHMENT

# Each file that is looked into costs a process; nobody has so many papers that this is in the way.
_forms = DefineMiddleware(LimitMiddleware, most=60)


@post(
    "/applications/{application_id:uuid}/sections/{section_id:str}/files",
    guards=[citizen],
    middleware=[_forms],
    request_max_body_size=attaching.LARGEST,
    status_code=303,
)
async def answer(request: Visit, application_id: FromPath[UUID], section_id: FromPath[str]) -> Response[Any]:
    """Take the files of a page of questions, then its answers; a button for files alone comes back to the page."""
    questions = await apply.asked(request, application_id, section_id)
    taken = await attaching.take(request, application_id, questions)
    return await apply.save(request, application_id, section_id, taken)


@get("/applications/{application_id:uuid}/sections/{section_id:str}/files", guards=[citizen])
async def page(request: Visit, application_id: FromPath[UUID], section_id: FromPath[str]) -> Redirect:
    """Lead back to the page of questions, for whoever loads again what was refused."""
    return request.to(f"/applications/{application_id}/sections/{section_id}")


@post(
    "/applications/{application_id:uuid}/reply/files",
    guards=[citizen],
    middleware=[_forms],
    request_max_body_size=attaching.LARGEST,
    status_code=303,
)
async def send(request: Visit, application_id: FromPath[UUID]) -> Response[Any]:
    """Take the files that an office asked for, then the answer to it."""
    questions = await reply.asked(request, application_id)
    taken = await attaching.take(request, application_id, questions)
    return await reply.send(request, application_id, taken)


@get("/applications/{application_id:uuid}/reply/files", guards=[citizen])
async def reply_page(request: Visit, application_id: FromPath[UUID]) -> Redirect:
    """Lead back to the reply."""
    return request.to(f"/applications/{application_id}/reply")


@post(
    "/applications/{application_id:uuid}/messages/files",
    guards=[citizen],
    middleware=[_forms],
    request_max_body_size=attaching.LARGEST,
    status_code=303,
)
async def write(request: Visit, application_id: FromPath[UUID]) -> Response[Any] | Redirect:
    """Take the files of a message to the office, then the message."""
    question = await correspondence.papers(request, application_id)
    taken = await attaching.take(request, application_id, [question], writing.must_be_open)
    return await correspondence.send(request, application_id, taken)


@get("/applications/{application_id:uuid}/messages/files", guards=[citizen])
async def messages(request: Visit, application_id: FromPath[UUID]) -> Redirect:
    """Lead back to what was said."""
    return request.to(f"/applications/{application_id}/messages")


@get("/applications/{application_id:uuid}/attachments/{attachment_id:uuid}", guards=[citizen])
async def own(request: Visit, application_id: FromPath[UUID], attachment_id: FromPath[UUID]) -> Response[bytes]:
    """Give a person what she attached, as a file to keep."""
    async with request.database.connect() as connection:
        await casework.find(connection, application_id, request.person.person_id)
        return await _given(request, connection, application_id, attachment_id)


@get("/office/{application_id:uuid}/attachments/{attachment_id:uuid}", guards=[officer])
async def of_case(
    request: Visit, application_id: FromPath[UUID], attachment_id: FromPath[UUID]
) -> Response[bytes] | Redirect:
    """Give an officer what answers or messages of a case name, once she has said why she opens it; it is recorded."""
    async with request.database.transaction() as connection:
        found = await review.find(connection, request.member, application_id)
        why = await offices.reason_of(connection, found.id, request.member.person_id, progress.day(now()))
        if why is None:
            return request.to(f"/office/{application_id}")
        await _must_be_named(connection, found, attachment_id)
        await _record(request, connection, found, why)
        return await _given(request, connection, application_id, attachment_id)


async def _must_be_named(connection: Connection, application: Application, attachment_id: UUID) -> None:
    """Raise NotFound for what no answer and no message names: what she is about to send, or has taken away."""
    said = await offices.messages(connection, application.id)
    named = (*files(application.answers).values(), *(message.files for message in said))
    if all(one["id"] != str(attachment_id) for each in named for one in each):
        raise NotFound


async def _given(request: Visit, connection: Connection, application_id: UUID, attachment_id: UUID) -> Response[bytes]:
    """Return the file to be kept, never to be shown here: what it holds was made by somebody else."""
    one = await keeping.find(connection, application_id, attachment_id)
    content = await keeping.opened(connection, one, is_scanned_first=request.parties.scanner is not None)
    return Response(content, media_type=one.media_type, headers=_headers(one))


def _headers(one: Attachment) -> dict[str, str]:
    plain = f"{one.sha256.hex()[:12]}{ENDINGS[one.type][0]}"
    return {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(one.name, safe='')}",
        "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }


async def _record(request: Visit, connection: Connection, found: Application, reason: str) -> None:
    """Put down that a file of the case was opened, by whom of which office, and why: the person sees it."""
    purpose = _("A file attached to application %(reference)s was opened.", reference=found.reference)
    look = looked.Look(ATTACHMENT, purpose, reason, found.desk or "", office_words.new_id())
    await looked.record(request, connection, found, look)
