"""What is offered to the person because of what a register recorded: read why, accept or decline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath

from eid.person import reaches
from i18n.refusal import Invalid
from i18n.text import Text, _
from portal import accepting
from portal.pages.application_form import next_page
from portal.session import citizen, now
from portal.visit import Visit
from services.applications import casework
from services.applications.application import Application, State
from services.offers import offering, preference, telling
from services.offers.errors import NotOpen, OtherDraft, Outdated
from services.offers.offer import Standing
from services.offers.offer import State as Stand
from services.registers import municipality
from services.registers.facts import FACTS

# State → its word and its look; a reminder that is declined is done with.
STATES: Mapping[Stand, tuple[Text, str]] = {
    "open": (_("Waits for you"), "waiting"),
    "accepted": (_("Accepted"), "good"),
    "declined": (_("Declined"), "neutral"),
    "outdated": (_("No longer holds"), "neutral"),
    "lapsed": (_("No longer holds"), "neutral"),
    "applied": (_("You have applied"), "good"),
}
_ANSWERABLE = {"open", "accepted"}


@get("/offers", guards=[citizen])
async def offers(request: Visit) -> Response[Any]:
    """List what waits for the person's answer, and what does no more."""
    async with request.database.connect() as connection:
        found = await offering.of(connection, request.person, now())
        chosen = await telling.preference(connection, request.person.person_id)
    return request.page("offers", section="applications", offers=found, chosen=chosen, states=STATES)


@get("/offers/{offer_id:uuid}", guards=[citizen])
async def offer(request: Visit, offer_id: FromPath[UUID]) -> Response[Any]:
    """Show one: what was recorded, the rule, what it costs and gives; or why it no longer holds."""
    return _page(request, await _find(request, offer_id))


@post("/offers/{offer_id:uuid}/acceptance", guards=[citizen], status_code=303)
async def accept(request: Visit, offer_id: FromPath[UUID]) -> Response[Any]:
    """Begin the application, filled in, and go where it goes on; pressed twice it is begun once."""
    found = await _find(request, offer_id)
    if found.service is None or found.state not in _ANSWERABLE:
        return request.to(f"/offers/{offer_id}")
    if not reaches(request.person.acr, found.service.assurance):
        return request.to(f"/sign-in?level={found.service.assurance}&next=/offers/{offer_id}")
    try:
        return await _on(request, await accepting.accepted(request, found, found.service))
    except (NotOpen, OtherDraft, Outdated) as refusal:
        return _refused(request, found, refusal)


@post("/offers/{offer_id:uuid}/refusal", guards=[citizen], status_code=303)
async def decline(request: Visit, offer_id: FromPath[UUID]) -> Response[Any]:
    """Decline an offer, or say that a reminder is done with."""
    async with request.database.transaction() as connection:
        await offering.decline(connection, offer_id, request.person, now())
    return request.to("/offers")


@get("/offers/preferences", guards=[citizen])
async def preferences(request: Visit) -> Response[Any]:
    """Ask how the person wants to hear of offers."""
    async with request.database.connect() as connection:
        chosen = await telling.preference(connection, request.person.person_id)
    kept = await request.typed(request.path)
    boxes = {"by_email": chosen.by_email, "by_sms": chosen.by_sms, "refuses": chosen.refuses}
    typed = {name: "yes" if ticked else "" for name, ticked in boxes.items()} | {"phone": chosen.phone or ""}
    lost = {name: (kept.get(name) or [""])[0] for name in typed} if kept else {}
    return _preferences(request, typed | lost, {})


@post("/offers/preferences", guards=[citizen], status_code=303)
async def prefer(request: Visit) -> Response[Any]:
    """Keep what she chose; what cannot be taken comes back as it was typed."""
    typed, person = await request.first("by_email", "by_sms", "phone", "refuses"), request.person
    try:
        chosen = preference.chosen(typed, person.email, sends_sms=request.parties.sms is not None)
    except Invalid as invalid:
        return _preferences(request, typed, request.errors(invalid))
    async with request.database.transaction() as connection:
        await telling.choose(connection, person.person_id, chosen, now())
    return request.to("/offers")


async def _find(request: Visit, offer_id: UUID) -> Standing:
    async with request.database.connect() as connection:
        return await offering.find(connection, offer_id, request.person, now())


def _page(request: Visit, found: Standing, other: UUID | None = None) -> Response[Any]:
    """Show an offer; `other`: the draft of something else that is in its way."""
    context = {"offer": found, "states": STATES, "facts": FACTS, "municipality_name": municipality.name}
    status = 409 if other else 200
    return request.page("offer", context, status=status, section="applications", other=other)


def _refused(request: Visit, found: Standing, refusal: NotOpen | OtherDraft | Outdated) -> Response[Any]:
    """Say what is in the way; what is no longer open says so on its own page."""
    request.because(refusal.code)
    if isinstance(refusal, OtherDraft):
        return _page(request, found, refusal.draft_id)
    return request.to(f"/offers/{found.id}")


async def _on(request: Visit, application: Application) -> Response[Any]:
    """Go on with a draft where it is not done, else to where the application stands."""
    if application.state is not State.DRAFT:
        return request.to(f"/applications/{application.id}")
    async with request.database.connect() as connection:
        service = await casework.service_of(connection, application)
    return request.to(f"/applications/{application.id}/{next_page(application, service, now())}")


def _preferences(request: Visit, typed: Mapping[str, str], errors: dict[str, str]) -> Response[Any]:
    status, context = 422 if errors else 200, {"typed": typed, "errors": errors}
    has_sms, email = request.parties.sms is not None, request.person.email
    return request.page(
        "offer_preferences", context, status=status, section="applications", email=email, has_sms=has_sms
    )
