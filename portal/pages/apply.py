"""Applying: begin, one page of questions after another, check, send. Every step is saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from eid.person import reaches
from i18n.refusal import Invalid
from i18n.text import Sayable
from portal import attaching, reading
from portal.pages import application_form, payment
from portal.pages.service import named
from portal.queue import enqueue
from portal.session import citizen, now
from portal.visit import Fields, Visit
from services.applications import casework, form, newer, progress
from services.applications.application import Application, State
from services.catalogue.question import Question
from services.catalogue.service import Service
from services.signing import collect


@post("/services/{service_id:str}/applications", guards=[citizen], status_code=303)
async def begin(request: Visit, service_id: FromPath[str]) -> Redirect:
    """Open a draft, or the one that is there, and read its facts; a double click opens one."""
    service, person_id = named(service_id), request.person.person_id
    if not reaches(request.person.acr, service.assurance):
        return request.to(f"/services/{service.id}/start")
    async with request.database.transaction() as connection:
        draft = await casework.begin(connection, service, person_id, "web", request.language, (), now())
    if newer.version_of(draft):  # which one she goes on with is for her to say
        return request.to(f"/applications/{draft.id}")
    return _on(request, await reading.up_to_date(request, service, draft), service)


@get("/applications/{application_id:uuid}/sections/{section_id:str}", guards=[citizen])
async def question(request: Visit, application_id: FromPath[UUID], section_id: FromPath[str]) -> Response[Any]:
    """Show one page of questions, filled with what was answered, or with what a lost session could not take."""
    draft, service = await _draft(request, application_id)
    if draft.state is not State.DRAFT:
        return request.to(f"/applications/{draft.id}")
    kept = await request.typed(request.path) or await request.typed(f"{request.path}/files")
    context = await _page(request, draft, service, section_id, kept)
    return request.page("question", context, kept=kept is not None, errors={})


@post("/applications/{application_id:uuid}/sections/{section_id:str}", guards=[citizen], status_code=303)
async def answer(request: Visit, application_id: FromPath[UUID], section_id: FromPath[str]) -> Response[Any]:
    """Save the answers and go on; what cannot be taken comes back as it was typed, every field's error at once.

    So does the page with an entry more or less, where a button asks for that.
    """
    return await save(request, application_id, section_id, attaching.NOTHING)


@get("/applications/{application_id:uuid}/check", guards=[citizen])
async def check(request: Visit, application_id: FromPath[UUID]) -> Response[Any]:
    """Show all before it is sent: answers, facts with register and time, the fee, or why it would be refused."""
    draft, service = await _draft(request, application_id)
    if draft.state is not State.DRAFT:
        return request.to(f"/applications/{draft.id}")
    draft = await reading.up_to_date(request, service, draft)
    if application_form.next_page(draft, service, now()) != "check":
        return _on(request, draft, service)
    number = request.person.personal_number
    return request.page("check", application_form.check_page(draft, service, request.language, now(), number))


@post("/applications/{application_id:uuid}/submission", guards=[citizen], status_code=303)
async def submit(request: Visit, application_id: FromPath[UUID]) -> Redirect:
    """Send the application, sent twice it is sent once, and go on to pay where a fee is due."""
    revision, person_id = application_form.revision(await request.fields()), request.person.person_id
    await _read_again(request, application_id)
    async with request.database.transaction() as connection:
        sent = await collect.submit(connection, application_id, person_id, revision, enqueue, now())
    if sent.state is State.AWAITING_SIGNATURE:
        return request.to(f"/applications/{application_id}/signature")
    if sent.state is State.AWAITING_PAYMENT:
        return await payment.to_provider(request, application_id)
    return request.to(f"/applications/{application_id}")


@post("/applications/{application_id:uuid}/withdrawal", guards=[citizen], status_code=303)
async def withdraw(request: Visit, application_id: FromPath[UUID]) -> Redirect:
    """Throw a draft away, or take back what was sent and is not decided."""
    person_id = request.person.person_id
    async with request.database.transaction() as connection:
        application = await casework.find(connection, application_id, person_id)
        if application.state is State.DRAFT:
            await casework.discard(connection, application_id, person_id, now())
        else:
            await casework.withdraw(connection, application_id, person_id, now())
    return request.to("/applications")


async def asked(request: Visit, application_id: UUID, section_id: str) -> list[Question]:
    """Return the questions of one page, as far as they are asked in this case; none of a page that is not there."""
    draft, service = await _draft(request, application_id)
    section = service.section(section_id)
    return progress.asked(section, progress.values(draft, service, progress.day(now()))) if section else []


async def save(request: Visit, application_id: UUID, section_id: str, files: attaching.Taken) -> Response[Any]:
    """Save the answers to a page, whose files were taken before, and go on; or come back to it."""
    fields, person_id = await request.fields(), request.person.person_id
    reshaped = form.reshaped(fields)
    if reshaped is not None or files.stays:
        return await _again(request, application_id, section_id, reshaped or fields, files.wrong)
    try:
        async with request.database.transaction() as connection:
            draft = await casework.answer(connection, application_id, person_id, section_id, fields, now())
            service = await casework.service_of(connection, draft)
    except Invalid as invalid:
        return await _again(request, application_id, section_id, fields, {**invalid.fields, **files.wrong})
    if files.wrong:
        return await _again(request, application_id, section_id, fields, files.wrong)
    return _on(request, await reading.up_to_date(request, service, draft), service)


def _on(request: Visit, draft: Application, service: Service) -> Redirect:
    """Send the person to the first page that is not done, or to check her answers."""
    return request.to(f"/applications/{draft.id}/{application_form.next_page(draft, service, now())}")


async def _draft(request: Visit, application_id: UUID) -> tuple[Application, Service]:
    async with request.database.connect() as connection:
        draft = await casework.find(connection, application_id, request.person.person_id)
        return draft, await casework.service_of(connection, draft)


async def _read_again(request: Visit, application_id: UUID) -> None:
    """See that what says other things by now, such as who may act for a company, is shown before it is sent."""
    draft, service = await _draft(request, application_id)
    draft = await reading.up_to_date(request, service, draft)
    await reading.company_anew(request, service, draft)


async def _again(
    request: Visit, application_id: UUID, section_id: str, fields: Fields, wrong: Mapping[str, Sayable]
) -> Response[Any]:
    """Show the page as it was typed, with what is wrong in it, if anything."""
    draft, service = await _draft(request, application_id)
    if draft.state is not State.DRAFT:
        return request.to(f"/applications/{draft.id}")
    context = await _page(request, draft, service, section_id, fields)
    errors = request.errors(dict(wrong))
    return request.page("question", context, status=422 if wrong else 200, kept=False, errors=errors)


async def _page(
    request: Visit, draft: Application, service: Service, section_id: str, typed: Fields | None
) -> dict[str, Any]:
    context = application_form.question_page(draft, service, section_id, request.language, now(), typed=typed)
    return await attaching.shown(request, context, f"/applications/{draft.id}/sections/{section_id}/files")
