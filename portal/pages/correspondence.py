"""A person writes to the office that has her application; what was said between them stands above."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from i18n.refusal import Invalid, Refused
from portal import attaching
from portal.pages import office_words
from portal.pages.question_field import fields_of
from portal.queue import enqueue
from portal.session import citizen, now
from portal.visit import Visit
from services.applications import casework
from services.applications.office import answering, writing
from services.catalogue.question import File
from services.notices import inbox


@get("/applications/{application_id:uuid}/messages", guards=[citizen])
async def messages(request: Visit, application_id: FromPath[UUID]) -> Response[Any]:
    """Show what was said, and where to write."""
    kept = await request.typed(request.path) or await request.typed(f"{request.path}/files")
    return await _page(request, application_id, ((kept or {}).get("text") or [""])[0], {}, 200)


@post("/applications/{application_id:uuid}/messages", guards=[citizen], status_code=303)
async def write(request: Visit, application_id: FromPath[UUID]) -> Response[Any] | Redirect:
    """Take a message to the office and tell who has the application."""
    return await send(request, application_id, attaching.NOTHING)


async def papers(request: Visit, application_id: UUID) -> File:
    """Return the question for what comes with her next message."""
    async with request.database.connect() as connection:
        await casework.find(connection, application_id, request.person.person_id)
        return await writing.papers(connection, application_id)


async def send(request: Visit, application_id: UUID, files: attaching.Taken) -> Response[Any] | Redirect:
    """Send a message, whose files were taken before; or come back to it as it was typed."""
    text, at = (await request.first("text"))["text"], now()
    if files.stays or files.wrong:
        wrong = request.errors(dict(files.wrong))
        return await _page(request, application_id, text, wrong, 422 if wrong else 200)
    try:
        async with request.database.transaction() as connection:
            told = await writing.write(connection, application_id, request.person.person_id, text, at)
            await inbox.tell_officer(connection, told, enqueue, at)
    except Invalid as invalid:
        return await _page(request, application_id, text, request.errors(invalid), 422)
    except Refused as refused:
        return await _page(request, application_id, text, {"": refused.sentence.say(request.language)}, 409)
    return request.to(f"/applications/{application_id}/messages")


async def _page(request: Visit, application_id: UUID, text: str, errors: dict[str, str], status: int) -> Response[Any]:
    async with request.database.connect() as connection:
        found = await casework.find(connection, application_id, request.person.person_id)
        service = await casework.service_of(connection, found)
        said = await answering.said(connection, found.id)
        asked = await writing.papers(connection, found.id)
    context: dict[str, Any] = {
        "application": found,
        "service": service,
        "said": said,
        "kinds": office_words.TO_HER,
        "text": text,
    }
    fields = fields_of([asked], {}, {"answers": {}, "applicant": {}}, request.language)
    context = await attaching.shown(request, context | {"fields": fields}, f"/applications/{found.id}/messages/files")
    may_write = writing.may_write(found)
    return request.page("messages", context, status=status, section="applications", errors=errors, may_write=may_write)
