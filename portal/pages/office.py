"""The office: its queue, and one case with all that is known of it. Every opening of a case is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from i18n.refusal import Invalid
from i18n.text import Text, _
from portal.database import Connection
from portal.pages import office_words
from portal.pages.application_form import check_page
from portal.pages.applications import STATES
from portal.pages.timeline import timeline
from portal.session import now, officer
from portal.visit import Visit
from services.applications import casework, progress
from services.applications import store as applications
from services.applications.application import Application, State
from services.applications.office import review, store
from services.catalogue.load import catalogue
from services.catalogue.service import Service
from services.registers import tracker
from services.registers.facts import Answer
from services.registers.tracker import Reader

PAGE = 50
OPEN = (State.SUBMITTED, State.IN_REVIEW, State.AWAITING_CITIZEN, State.AWAITING_OPINION)
DECIDING = "deciding"
REASONS: Mapping[str, Text] = {DECIDING: _("I work on this application"), "other": _("Another reason")}


@get("/office", guards=[officer])
async def queue(
    request: Visit, after: FromQuery[str] = "", status: FromQuery[str] = "", service: FromQuery[str] = ""
) -> Response[Any]:
    """List what is open at her desks, first what is due first."""
    wanted = State(status) if status in OPEN else None
    async with request.database.connect() as connection:
        desks, person_id, key = request.member.desks, request.member.person_id, _key(after)
        lines = await store.queue(connection, desks, person_id, wanted, service or None, key, PAGE)
        services = await store.services(connection, desks)
    return request.page("office/queue", _queue(request, lines, services) | {"status": status, "service": service})


@get("/office/search", guards=[officer])
async def find(request: Visit, q: FromQuery[str] = "") -> Response[Any] | Redirect:
    """Lead to the application of a reference, when it is one of hers."""
    async with request.database.connect() as connection:
        member = request.member
        found = await store.referred(connection, q.strip().upper(), member.desks, member.person_id)
        services = await store.services(connection, member.desks)
    if found:
        return request.to(f"/office/{found}")
    return request.page("office/queue", _queue(request, [], services) | {"status": "", "service": "", "sought": q})


@get("/office/{application_id:uuid}", guards=[officer])
async def case(request: Visit, application_id: FromPath[UUID]) -> Response[Any]:
    """Show a case that she has opened today; else ask why she opens it."""
    async with request.database.connect() as connection:
        found = await review.find(connection, request.member, application_id)
        service = await casework.service_of(connection, found)
        if not await store.is_open(connection, found.id, request.member.person_id, progress.day(now())):
            return _opening(request, found, service, {}, {"reason": DECIDING, "text": ""})
        context = await _case(request, connection, found, service)
    return request.page("office/case", context)


@post("/office/{application_id:uuid}/opening", guards=[officer], status_code=303)
async def open_case(request: Visit, application_id: FromPath[UUID]) -> Response[Any] | Redirect:
    """Open a case with the reason that she gives, which the person can read."""
    typed = await request.first("reason", "text")
    given = REASONS[DECIDING].say("sq") if typed["reason"] == DECIDING else typed["text"]
    async with request.database.transaction() as connection:
        found = await review.find(connection, request.member, application_id)
        service = await casework.service_of(connection, found)
        try:
            await _open(request, connection, found, service, given)
        except Invalid as invalid:
            return _opening(request, found, service, request.errors(invalid), typed)
    return request.to(f"/office/{application_id}")


@post("/office/{application_id:uuid}/taking", guards=[officer], status_code=303)
async def take(request: Visit, application_id: FromPath[UUID]) -> Redirect:
    """Take a case, also from a colleague; of two who take it at once one has it."""
    revision = (await request.first("revision"))["revision"]
    async with request.database.transaction() as connection:
        await review.take(connection, request.member, application_id, office_words.number(revision), now())
    return request.to(f"/office/{application_id}")


def _key(after: str) -> store.Key | None:
    """Return where a page of the queue begins, from its address; the first page for what is no such place."""
    day, _dot, last = after.partition("_")
    try:
        return store.Key(date.fromisoformat(day), UUID(last))
    except ValueError:
        return None


def _queue(request: Visit, lines: list[store.Line], services: list[str]) -> dict[str, Any]:
    last = lines[-1] if len(lines) == PAGE else None
    names = catalogue()
    return {
        "section": "office",
        "lines": lines,
        "more": f"{last.due_on}_{last.id}" if last else "",
        "states": {state: STATES[state] for state in OPEN},
        "services": [{"value": each, "text": names.name(each).say(request.language)} for each in services],
        "names": names,
        "today": progress.day(now()),
        "me": request.member.person_id,
        "offices": [office_words.desk_name(post.desk) for post in request.member.posts],
        "sought": "",
    }


async def _case(request: Visit, connection: Connection, found: Application, service: Service) -> dict[str, Any]:
    shown = check_page(found, service, request.language, found.submitted_at or now(), "")
    events = await applications.events(connection, found.id)
    is_mine = found.officer_id == request.member.person_id
    return {
        **shown,
        "section": "office",
        "answers": [{"key": row["key"], "value": row["value"]} for row in shown["answers"]],
        "words": STATES[found.state],
        "messages": await store.messages(connection, found.id),
        "kinds": office_words.KINDS,
        "timeline": timeline(found, events, service, request.language),
        "today": progress.day(now()),
        "acts_said": office_words.ACTS,
        "acts": office_words.possible(found, service, request.member),
        "can_take": found.state in {State.SUBMITTED, State.IN_REVIEW} and not is_mine,
        "is_mine": is_mine,
    }


def _opening(
    request: Visit, found: Application, service: Service, errors: dict[str, str], typed: Mapping[str, str]
) -> Response[Any]:
    reasons = [{"value": value, "text": text.say(request.language)} for value, text in REASONS.items()]
    context = {"application": found, "service": service, "reasons": reasons, "errors": errors, "typed": typed}
    return request.page("office/opening", context, status=422 if errors else 200, section="office")


async def _open(request: Visit, connection: Connection, found: Application, service: Service, given: str) -> None:
    if said := await review.open_case(connection, request.member, found.id, given, now()):
        await _record(request, connection, found, service, said)


async def _record(request: Visit, connection: Connection, found: Application, service: Service, reason: str) -> None:
    """Put down that each fact was read, by whom of which office, and why: the person sees it."""
    post = request.member.post_at(found.desk or "")
    office = office_words.desk_name(found.desk or "").say("sq")
    reader = Reader(post.role, request.member.person_id, office, post.institution, reason)
    needs, at = {need.name: need for need in service.facts}, now()
    reads = [
        read
        for fact in found.facts
        for read in tracker.reads(
            [Answer(needs[fact.name], office_words.new_id(), at, "ok")], fact.about, reader, found.id, "portal"
        )
    ]
    await tracker.record(connection, reads, request.audit_key)
