"""One case with all that is known of it, opened for a reason: every opening is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from i18n.format import day, moment
from i18n.refusal import Invalid
from i18n.text import Text, _
from portal import attaching
from portal.database import Connection
from portal.pages import office_words, recorded
from portal.pages.application_form import check_page
from portal.pages.applications import STATES
from portal.pages.data_words import USUAL_REASONS
from portal.pages.timeline import timeline
from portal.render import NAMES
from portal.session import now, officer
from portal.visit import Visit
from services.applications import casework, progress
from services.applications import store as applications
from services.applications.application import Application, State
from services.applications.office import review, store
from services.applications.queue import store as queued
from services.batches import store as batches
from services.catalogue.service import Service
from services.registers import tracker
from services.registers.facts import Answer
from services.registers.posting import store as postings
from services.registers.tracker import Read, Reader

DECIDING = "deciding"
# As everybody sees them, but what waits for its person waits for somebody else than the reader.
IN_OFFICE: Mapping[State, tuple[Text, str, Text]] = {
    **STATES,
    State.AWAITING_CITIZEN: (_("Waiting for the applicant"), "waiting", STATES[State.AWAITING_CITIZEN][2]),
}
_TAKEN = frozenset({State.SUBMITTED, State.IN_REVIEW, State.APPEALED})
REASONS: Mapping[str, Text] = {DECIDING: USUAL_REASONS[DECIDING], "other": _("Another reason")}


@get("/office/{application_id:uuid}", guards=[officer])
async def case(request: Visit, application_id: FromPath[UUID], done: FromQuery[str] = "") -> Response[Any]:
    """Show a case that she has opened today, and what she has just done with it; else ask why she opens it."""
    async with request.database.connect() as connection:
        found = await review.find(connection, request.member, application_id)
        service = await casework.service_of(connection, found)
        if not await store.is_open(connection, found.id, request.member.person_id, progress.day(now())):
            return _opening(request, found, service, {}, {"reason": DECIDING, "text": ""})
        context = await _case(request, connection, found, service)
        said = office_words.done(done)
        following = await queued.following(connection, request.member, found.id) if said else None
    return request.page("office/case", context, done=said, following=following)


@post("/office/{application_id:uuid}/opening", guards=[officer], status_code=303)
async def open_case(request: Visit, application_id: FromPath[UUID]) -> Response[Any] | Redirect:
    """Open a case with the reason that she gives, which the person can read."""
    typed = await request.first("reason", "text")
    given = DECIDING if typed["reason"] == DECIDING else typed["text"]
    async with request.database.transaction() as connection:
        found = await review.find(connection, request.member, application_id)
        service = await casework.service_of(connection, found)
        try:
            await open_recorded(request, connection, found, service, given)
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


async def _case(request: Visit, connection: Connection, found: Application, service: Service) -> dict[str, Any]:
    shown = check_page(found, service, request.language, found.submitted_at or now(), "")
    events = await applications.events(connection, found.id)
    told = await postings.of_application(connection, found.id)
    is_mine = found.officer_id == request.member.person_id
    is_appealed = found.state is State.APPEALED
    is_involved = is_appealed and await review.is_involved(connection, request.member, found)
    return {
        **shown,
        "section": "office",
        "answers": [{"key": row["key"], "value": row["value"]} for row in shown["answers"]],
        "about": await _about(request, connection, found),
        "attached": await attaching.listed(
            request, connection, found, service, f"/{request.language}/office/{found.id}"
        ),
        "words": IN_OFFICE[found.state],
        "messages": await store.messages(connection, found.id),
        "kinds": office_words.KINDS,
        "timeline": timeline(found, events, service, request.language, recorded.steps(told, request.language)),
        "postings": [recorded.card(one, request.language) for one in told if one.state != "recorded"],
        "today": progress.day(now()),
        "acts_said": office_words.ACTS,
        "acts": office_words.possible(found, service, request.member),
        "can_take": found.state in _TAKEN and not is_mine and not is_involved,
        "is_involved": is_involved,
        "batch": await batches.deciding(connection, found) if is_mine else None,  # it tells of others too
        "is_mine": is_mine,
    }


async def _about(request: Visit, connection: Connection, found: Application) -> list[dict[str, str]]:
    """Return whose the case is, since when, until when, and who has it."""
    language, is_mine = request.language, found.officer_id == request.member.person_id
    holder = "" if is_mine or found.officer_id is None else await store.name_of(connection, found.officer_id)
    with_whom = _("You have this application.") if is_mine else _("Nobody has taken it yet.")
    rows = (
        (_("Applicant"), await store.name_of(connection, found.person_id)),
        (_("Sent on"), moment(found.submitted_at, language) if found.submitted_at else ""),
        (_("Decision due by"), day(found.due_on, language) if found.due_on else ""),
        (_("Who has it"), holder or with_whom.say(language)),
        (_("Language of the application"), NAMES[found.language]),
    )
    return [{"key": key.say(language), "value": value} for key, value in rows if value]


def _opening(
    request: Visit, found: Application, service: Service, errors: dict[str, str], typed: Mapping[str, str]
) -> Response[Any]:
    reasons = [{"value": value, "text": text.say(request.language)} for value, text in REASONS.items()]
    context = {"application": found, "service": service, "reasons": reasons, "errors": errors, "typed": typed}
    return request.page("office/opening", context, status=422 if errors else 200, section="office")


async def open_recorded(
    request: Visit, connection: Connection, found: Application, service: Service, given: str
) -> None:
    """Open a case, with each reading of its facts recorded; once a day."""
    if said := await review.open_case(connection, request.member, found.id, given, now()):
        await tracker.record(connection, looks(request, found, service, said), request.audit_key)


def looks(request: Visit, found: Application, service: Service, reason: str) -> list[Read]:
    """Return that each fact was read, by whom of which office, and why, as the person sees it."""
    post = request.member.post_at(found.desk or "")
    reader = Reader(post.role, request.member.person_id, found.desk, post.institution, reason)
    needs, at = {need.name: need for need in service.facts}, now()
    return [
        read
        for fact in found.facts
        for read in tracker.reads(
            [Answer(needs[fact.name], office_words.new_id(), at, "ok")], fact.about, reader, found.id, "portal"
        )
    ]
