"""The person's applications: the list, and each one with what comes next, its document and its rating."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from i18n.refusal import Invalid
from i18n.text import Language, Text, Wording, _
from payments import store as payments
from portal import attaching
from portal.database import Connection
from portal.pages import document_words, newer_version, recorded
from portal.pages.application_form import exemption, next_page, silent
from portal.pages.reply import in_office
from portal.pages.timeline import timeline
from portal.session import citizen, now
from portal.visit import Visit
from services.applications import casework, company, decided, reuse
from services.applications.application import FINISHED, LIFE, Application, State, Step
from services.applications.errors import AlreadyRated
from services.catalogue.load import catalogue
from services.documents import store as documents
from services.documents.document import Document, printed
from services.documents.revocation import store as revocations
from services.insight import rating
from services.offers import offering
from services.plans import store as plans
from services.plans.plan import Plan
from services.signing import store as signatures

PAGE = 20
_DECIDED = {State.ISSUED, State.REFUSED, State.APPEALED, State.DISMISSED}
_SOON = timedelta(seconds=20)  # a refusal is sealed within that, or later by the way
_REVOKED = _(" (REVOKED)")  # in the name of a file
_NOT_RATED = {State.WITHDRAWN, State.EXPIRED}

# State → its word, its look, and what the person may expect or do.
STATES: Mapping[State, tuple[Text, str, Text]] = {
    State.DRAFT: (_("Draft"), "neutral", _("You have not sent this yet. Everything that you typed is saved.")),
    State.AWAITING_FACTS: (
        _("Waiting for a register"),
        "waiting",
        _("Your application is sent. It goes on by itself as soon as the register answers; you need do nothing."),
    ),
    State.AWAITING_SIGNATURE: (
        _("Awaiting signature"),
        "waiting",
        _("Your application is ready to be signed with your eID. It is sent when it is signed."),
    ),
    State.AWAITING_PAYMENT: (
        _("Awaiting payment"),
        "waiting",
        _("Your application is sent. It goes on as soon as the fee is paid."),
    ),
    State.SUBMITTED: (_("Submitted"), "busy", _("Your application is being decided.")),
    State.IN_REVIEW: (_("In review"), "busy", _("An officer is working on your application.")),
    State.AWAITING_CITIZEN: (
        _("Waiting for your answer"),
        "waiting",
        _("The office needs something from you. Its time limit stands still until you answer."),
    ),
    State.AWAITING_OPINION: (
        _("Waiting for a second opinion"),
        "busy",
        _("A second officer is asked for an opinion. You need do nothing."),
    ),
    State.APPROVED: (
        _("Approved"),
        "busy",
        _("Approved. Your document is being made and sealed; it appears here in a moment."),
    ),
    State.ISSUED: (
        _("Issued"),
        "good",
        _("Your document is ready. It is also in “My applications”, any time you need it."),
    ),
    State.REFUSED: (_("Refused"), "bad", _("Your application was decided and refused.")),
    State.WITHDRAWN: (_("Withdrawn"), "neutral", _("You withdrew this application. Nothing more will happen.")),
    State.EXPIRED: (_("Ended"), "neutral", _("What the office asked was not answered in time, so this has ended.")),
    State.APPEALED: (
        _("Appealed"),
        "waiting",
        _("Your appeal is with the office. An officer who did not decide before decides on it."),
    ),
    State.DISMISSED: (
        _("Appeal dismissed"),
        "bad",
        _("Your appeal was dismissed, so the refusal stands. You can bring the matter before the competent court."),
    ),
}


@get("/applications", guards=[citizen])
async def mine(request: Visit, after: FromQuery[UUID | None] = None) -> Response[Any]:
    """List the person's applications, newest first."""
    async with request.database.connect() as connection:
        found = await casework.mine(connection, request.person.person_id, after, PAGE)
        awaited = await signatures.awaited_of(connection, request.person.personal_number, request.person.person_id)
        revoked = await documents.revoked_of(connection, [one.id for one in found])
        offered = await offering.open_of(connection, request.person, now())
        planned = await plans.open_of(connection, request.person.person_id)
    more = found[-1].id if len(found) == PAGE else None
    context = {"applications": found, "awaited": awaited, "more": more, "states": STATES, "catalogue": catalogue()}
    context |= {"planned": _planned(planned), "revoked": revoked}
    return request.page("applications", context, section="applications", offered=offered)


@get("/applications/{application_id:uuid}", guards=[citizen])
async def application(request: Visit, application_id: FromPath[UUID]) -> Response[Any]:
    """Show where an application stands; htmx asks again for its block until nothing more happens by itself."""
    context = await _context(request, application_id)
    if rated := await request.typed(f"/applications/{application_id}/rating"):
        context["typed"] |= {name: values[0] for name, values in rated.items() if values}
    return request.page("application", context, block="progress")


@get("/applications/{application_id:uuid}/document", guards=[citizen])
async def document(request: Visit, application_id: FromPath[UUID]) -> Response[bytes]:
    """Give the sealed document to the person whose it is, as a file named in its language."""
    async with request.database.connect() as connection:
        found = await casework.find(connection, application_id, request.person.person_id)
        service = await casework.service_of(connection, found)
        pdf = await documents.find_pdf(connection, application_id, request.person.person_id)
        kept = await documents.of_application(connection, application_id)
    mark = _REVOKED.say(found.language) if kept and kept.revoked_at else ""
    plain = f"{found.service_id}-REVOKED" if mark else found.service_id
    named = quote(decided.title(found, service).say(found.language) + mark, safe="")
    files = f"filename=\"{plain}-{found.reference}.pdf\"; filename*=UTF-8''{named}%20{found.reference}.pdf"
    return Response(pdf, media_type="application/pdf", headers={"Content-Disposition": f"attachment; {files}"})


async def _of_document(connection: Connection, issued: Document, language: Language) -> dict[str, Any]:
    """Return what her page says of a document beside itself: why it is revoked, which it replaces, what she said."""
    former = await documents.before(connection, issued)
    return {
        "why_revoked": document_words.why(issued, language),
        "revoked_by": document_words.by_whom(issued, language),
        "former_code": printed(former.code) if former else "",
        "corrections": await revocations.corrections(connection, issued.id),
    }


@get("/applications/{application_id:uuid}/withdrawal", guards=[citizen])
async def leave(request: Visit, application_id: FromPath[UUID]) -> Response[Any]:
    """Ask whether the person means to throw a draft away, or to take back what she sent."""
    async with request.database.connect() as connection:
        found = await casework.find(connection, application_id, request.person.person_id)
        service = await casework.service_of(connection, found)
    if (found.state, Step.WITHDRAW) not in LIFE and found.state is not State.DRAFT:
        return request.to(f"/applications/{found.id}")
    context = {"application": found, "service": service, "is_draft": found.state is State.DRAFT}
    return request.page("withdrawal", context, section="applications")


@post("/applications/{application_id:uuid}/rating", guards=[citizen], status_code=303)
async def rate(request: Visit, application_id: FromPath[UUID]) -> Response[Any]:
    """Take a rating, once; what cannot be taken comes back as it was typed."""
    typed, person_id = await request.first("score", "comment"), request.person.person_id
    try:
        async with request.database.transaction() as connection:
            await rating.rate(connection, application_id, person_id, typed["score"], typed["comment"], now())
    except AlreadyRated:  # pressed twice: it is thanked for once
        return request.to(f"/applications/{application_id}#rated")
    except Invalid as invalid:
        context = await _context(request, application_id)
        return request.page("application", context | {"typed": typed, "errors": request.errors(invalid)}, status=422)
    return request.to(f"/applications/{application_id}#rated")


def _goes_on(found: Application, *, is_sealed: bool) -> bool:
    """Tell whether more will happen by itself: it is decided, or its document made."""
    if found.state is State.REFUSED:
        return not is_sealed and now() < (found.decided_at or now()) + _SOON
    return found.state is State.APPROVED or (found.state is State.SUBMITTED and found.desk is None)


def _planned(found: Sequence[Plan]) -> list[tuple[Plan, Wording]]:
    """Return plans with the names of their life events."""
    names = {event.id: event.names for event, _services in catalogue().life_events()}
    return [(plan, names[plan.event]) for plan in found if plan.event in names]


async def _context(request: Visit, application_id: UUID) -> dict[str, Any]:
    async with request.database.connect() as connection:
        found = await casework.find(connection, application_id, request.person.person_id)
        events = await casework.history(connection, application_id, request.person.person_id)
        shown = await _shown(connection, found, request.language)
        base = f"/{request.language}/applications/{found.id}"
        shown["attached"] = await attaching.listed(request, connection, found, shown["service"], base)
        told = await recorded.of(connection, found.id, request.language, now())
    done = timeline(found, events, shown["service"], request.language, told["recorded"])
    return shown | told | {"timeline": done, "waiting": shown["waiting"] or told["is_told"]}


async def _shown(connection: Connection, found: Application, language: Language) -> dict[str, Any]:
    """Return the context of templates/pages/application.html."""
    service = await casework.service_of(connection, found)
    words, kind, next_step = STATES[found.state]
    issued = await documents.of_application(connection, found.id) if found.state in _DECIDED else None
    return {
        "section": "applications",
        "application": found,
        "service": service,
        "company": company.of(found, service),
        "exemption": exemption(found, service, now()) if found.fee_cents is not None and not found.refusal else None,
        "words": words,
        "kind": kind,
        "next_step": next_step,
        **await in_office(connection, found, language),
        "waiting": _goes_on(found, is_sealed=issued is not None),
        "silent": silent(found, service, now()) if found.state is State.AWAITING_FACTS else [],
        "document": issued,
        "document_title": decided.title(found, service),
        "document_code": printed(issued.code) if issued else "",
        **(await _of_document(connection, issued, language) if issued else {}),
        "payment": next(iter(await payments.of_order(connection, found.id)), None),
        "continue_at": next_page(found, service, now()) if found.state is State.DRAFT else "",
        "left": newer_version.left(found, now()),
        "reason": found.refusal.message.say(language) if found.refusal else "",
        "reusable": reuse.may_reuse(found) and catalogue().get(found.service_id) is not None,
        "ratable": found.state in FINISHED - _NOT_RATED and found.rated_at is None,
        "typed": {"score": "", "comment": ""},
        "errors": {},
    }
