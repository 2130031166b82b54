"""What a person does with an application that an office has: answer what it asked, appeal against its decision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath

from i18n.refusal import Invalid
from i18n.text import Language
from portal import attaching
from portal.database import Connection
from portal.pages import office_words
from portal.pages.question_field import fields_of
from portal.session import citizen, now
from portal.visit import Fields, Visit
from services.applications import casework, deadlines, form, progress
from services.applications import desk as desks
from services.applications.application import Application, State
from services.applications.office import answering, correction, writing
from services.applications.office.message import Message
from services.catalogue.question import Question
from services.catalogue.service import Service


@get("/applications/{application_id:uuid}/reply", guards=[citizen])
async def question(request: Visit, application_id: FromPath[UUID]) -> Response[Any]:
    """Show what the office asked, with the answers that it wants again."""
    kept = await request.typed(request.path) or await request.typed(f"{request.path}/files")
    return await _question(request, application_id, kept, {})


@post("/applications/{application_id:uuid}/reply", guards=[citizen], status_code=303)
async def reply(request: Visit, application_id: FromPath[UUID]) -> Response[Any]:
    """Take the answer: the office goes on, and so does its time limit."""
    return await send(request, application_id, attaching.NOTHING)


@get("/applications/{application_id:uuid}/appeal", guards=[citizen])
async def reasons(request: Visit, application_id: FromPath[UUID]) -> Response[Any]:
    """Ask why she appeals, while she still may."""
    kept = await request.typed(request.path)
    return await _appeal(request, application_id, ((kept or {}).get("text") or [""])[0], {})


@post("/applications/{application_id:uuid}/appeal", guards=[citizen], status_code=303)
async def appeal(request: Visit, application_id: FromPath[UUID]) -> Response[Any]:
    """Take the appeal; sent twice it is one."""
    text, person_id = (await request.first("text"))["text"], request.person.person_id
    try:
        async with request.database.transaction() as connection:
            await answering.appeal(connection, application_id, person_id, text, now())
    except Invalid as invalid:
        return await _appeal(request, application_id, text, request.errors(invalid))
    return request.to(f"/applications/{application_id}")


async def asked(request: Visit, application_id: UUID) -> Sequence[Question]:
    """Return the questions that the office asked again; none where it asked none."""
    found, service, last = await _asked(request, application_id)
    return correction.section(found, service, last.questions, progress.day(now())).questions if last else ()


async def send(request: Visit, application_id: UUID, files: attaching.Taken) -> Response[Any]:
    """Send the answer, whose files were taken before; or come back to it as it was typed."""
    typed, person_id = await request.fields(), request.person.person_id
    reshaped = form.reshaped(typed)
    if reshaped is not None or files.stays or files.wrong:
        return await _question(request, application_id, reshaped or typed, request.errors(dict(files.wrong)))
    try:
        async with request.database.transaction() as connection:
            await answering.reply(connection, application_id, person_id, typed, now())
    except Invalid as invalid:
        return await _question(request, application_id, typed, request.errors(invalid))
    return request.to(f"/applications/{application_id}")


async def in_office(connection: Connection, found: Application, language: Language) -> dict[str, Any]:
    """Return who has an application and until when, and what was said: the context of parts/office.html."""
    if found.desk is None:
        return {
            "office": "",
            "due": None,
            # An office writes about what a rule decided only where its document is revoked.
            "said": await answering.said(connection, found.id) if found.decided_at else [],
            "may_appeal": False,
            "appeal_by": None,
            "may_write": False,
            "reply_by": None,
            "kinds": office_words.TO_HER,
        }
    is_asked = found.state is State.AWAITING_CITIZEN
    return {
        "office": desks.name(found.desk).say(language),
        "due": found.due_on,
        "reply_by": progress.day(found.updated_at + deadlines.REPLY_WITHIN) if is_asked else None,
        "said": await answering.said(connection, found.id),
        "kinds": office_words.TO_HER,
        "may_write": writing.may_write(found),
        "may_appeal": answering.may_appeal(found, now()),
        "appeal_by": _appeal_by(found),
    }


async def _asked(request: Visit, application_id: UUID) -> tuple[Application, Service, Message | None]:
    """Return the person's application with what the office asked of her; None where it waits for nothing."""
    async with request.database.connect() as connection:
        found = await casework.find(connection, application_id, request.person.person_id)
        service = await casework.service_of(connection, found)
        last = answering.last_request(await answering.said(connection, found.id))
    return found, service, last if found.state is State.AWAITING_CITIZEN else None


async def _question(
    request: Visit, application_id: UUID, typed: Fields | None, errors: dict[str, str]
) -> Response[Any]:
    found, service, last = await _asked(request, application_id)
    if last is None:
        return request.to(f"/applications/{application_id}")
    today = progress.day(now())
    page, known = correction.section(found, service, last.questions, today), progress.values(found, service, today)
    sent = typed if typed is not None else form.typed(page, found.answers, known)
    context = {
        "application": found,
        "service": service,
        "asked": last,
        "fields": fields_of(page.questions, sent, known, request.language),
        "text": (sent.get("text") or [""])[0],
        "reply_by": progress.day(found.updated_at + deadlines.REPLY_WITHIN),
        "errors": errors,
    }
    context = await attaching.shown(request, context, f"/applications/{found.id}/reply/files")
    return request.page("reply", context, status=422 if errors else 200, section="applications")


async def _appeal(request: Visit, application_id: UUID, text: str, errors: dict[str, str]) -> Response[Any]:
    async with request.database.connect() as connection:
        found = await casework.find(connection, application_id, request.person.person_id)
        service = await casework.service_of(connection, found)
    if not answering.may_appeal(found, now()):
        return request.to(f"/applications/{application_id}")
    context = {"application": found, "service": service, "text": text, "errors": errors}
    by = _appeal_by(found)
    return request.page("appeal", context, status=422 if errors else 200, section="applications", by=by)


def _appeal_by(found: Application) -> date:
    return progress.day(found.decided_at or now()) + deadlines.APPEAL_WITHIN
