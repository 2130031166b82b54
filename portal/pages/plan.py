"""A plan: what a life event needs, ticked by what the registers say, begun together, asked once, seen as one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from eid.person import reaches
from i18n.refusal import Invalid, NotFound
from i18n.text import Wording
from portal import reading
from portal.pages.application_form import next_page
from portal.pages.applications import STATES
from portal.pages.question_field import fields_of
from portal.session import citizen, now
from portal.visit import Fields, Visit
from services.applications import form, progress
from services.applications.application import State
from services.catalogue.bundle import Bundle
from services.catalogue.load import bundles, catalogue
from services.catalogue.service import LifeEvent
from services.plans import plan as plans
from services.plans import planning
from services.plans.plan import Item, Plan, Shared
from services.registers.facts import FACTS, Need

PURPOSE = Wording(
    "Për të parë cilat shërbime të kësaj ngjarjeje jetësore vlejnë për ju.",
    "Da vidimo koje usluge ovog životnog događaja dolaze u obzir.",
    "To see which services of this life event apply to you.",
)
LAW = Wording(
    "Ligji Nr. 05/L-031 për Procedurën e Përgjithshme Administrative",
    "Zakon br. 05/L-031 o opštem upravnom postupku",
    "Law No. 05/L-031 on General Administrative Procedure",
)
ASSURANCE = "substantial"  # registers are read


@get("/life-events/{event_id:str}/start", guards=[citizen])
async def start(request: Visit, event_id: FromPath[str]) -> Response[Any]:
    """Show what will be looked at in the registers and why, before anything is; first a stronger sign-in if need be."""
    event, bundle = _event(event_id)
    if not reaches(request.person.acr, ASSURANCE):
        return request.to(f"/sign-in?level={ASSURANCE}&next=/life-events/{event.id}/start")
    context = {"event": event, "needs": _needs(bundle), "facts": FACTS, "purpose": PURPOSE, "law": LAW}
    return request.page("plan_start", context, section="services")


@post("/life-events/{event_id:str}/plans", guards=[citizen], status_code=303)
async def begin(request: Visit, event_id: FromPath[str]) -> Redirect:
    """Open a plan, or the one that is there, and tick what applies by the registers; a double click opens one."""
    event, bundle = _event(event_id)
    if not reaches(request.person.acr, ASSURANCE):
        return request.to(f"/life-events/{event.id}/start")
    answers = await reading.about_herself(request, _needs(bundle))
    held = {answer.fact.name: answer.fact.value for answer in answers if answer.fact}
    ticked = bundle.ticked(held, progress.day(now()))
    async with request.database.transaction() as connection:
        plan = await planning.begin(connection, request.person.person_id, event.id, ticked, now())
    return request.to(f"/plans/{plan.id}/services")


@get("/plans/{plan_id:uuid}/services", guards=[citizen])
async def services(request: Visit, plan_id: FromPath[UUID]) -> Response[Any]:
    """Ask which of the event's services one wants; those that apply are ticked, with the reason."""
    plan, items = await _plan(request, plan_id)
    kept, ticked = await request.typed(request.path), [] if items else list(plan.suggested)
    return _choice(request, plan, items, (kept or {}).get("services", ticked), {})


@post("/plans/{plan_id:uuid}/services", guards=[citizen], status_code=303)
async def choose(request: Visit, plan_id: FromPath[UUID]) -> Response[Any]:
    """Begin a draft of each chosen service, read their facts, and go on with what they share."""
    plan, items = await _plan(request, plan_id)
    chosen = (await request.fields()).get("services", [])
    try:
        async with request.database.transaction() as connection:
            items = await planning.choose(connection, plan, chosen, request.language, now())
    except Invalid as invalid:
        return _choice(request, plan, items, chosen, request.errors(invalid))
    return await _on(request, plan, items)


@get("/plans/{plan_id:uuid}/sections/{section_id:str}", guards=[citizen])
async def question(request: Visit, plan_id: FromPath[UUID], section_id: FromPath[str]) -> Response[Any]:
    """Ask once what several of the applications need to know."""
    plan, _items = await _plan(request, plan_id)
    async with request.database.connect() as connection:
        shared = await planning.page(connection, plan, section_id, now())
    return _question(request, plan, shared, await request.typed(request.path), {})


@post("/plans/{plan_id:uuid}/sections/{section_id:str}", guards=[citizen], status_code=303)
async def answer(request: Visit, plan_id: FromPath[UUID], section_id: FromPath[str]) -> Response[Any]:
    """Keep the answer in every draft, and go on; what cannot be taken comes back as it was typed."""
    plan, items = await _plan(request, plan_id)
    fields = await request.fields()
    try:
        async with request.database.transaction() as connection:
            await planning.answer(connection, plan, section_id, fields, now())
            items = await planning.items(connection, plan)
    except Invalid as invalid:
        return await _again(request, plan, section_id, fields, invalid)
    return await _on(request, plan, items)


@get("/plans/{plan_id:uuid}", guards=[citizen])
async def plan(request: Visit, plan_id: FromPath[UUID]) -> Response[Any]:
    """Show the plan: where each application stands, what is next, what it costs in all."""
    found, items = await _plan(request, plan_id)
    return request.page("plan", _shown(found, items), section="applications")


@post("/plans/{plan_id:uuid}/closing", guards=[citizen], status_code=303)
async def close(request: Visit, plan_id: FromPath[UUID]) -> Redirect:
    """Close the plan; its applications go on as they are."""
    found, _items = await _plan(request, plan_id)
    async with request.database.transaction() as connection:
        await planning.close(connection, found, now())
    return request.to("/applications")


def _event(event_id: str) -> tuple[LifeEvent, Bundle]:
    """Return a life event with its bundle; NotFound where there is none."""
    bundle = bundles().of(event_id)
    event = next((event for event, _services in catalogue().life_events() if event.id == event_id), None)
    if bundle is None or event is None:
        raise NotFound
    return event, bundle


def _needs(bundle: Bundle) -> list[Need]:
    return [Need(name, PURPOSE, LAW) for name in bundle.needs()]


async def _plan(request: Visit, plan_id: UUID) -> tuple[Plan, list[Item]]:
    async with request.database.connect() as connection:
        found = await planning.find(connection, plan_id, request.person.person_id)
        return found, await planning.items(connection, found)


async def _on(request: Visit, plan: Plan, items: Sequence[Item]) -> Redirect:
    """Read what the drafts need by now, and go on with the first shared page that is not done, or to the plan."""
    drafts = await asyncio.gather(*(reading.up_to_date(request, item.service, item.application) for item in items))
    read = [Item(draft, item.service) for draft, item in zip(drafts, items, strict=True)]
    shared = plans.shared(read, bundles().questions, progress.day(now()))
    page = next((one.section.id for one in shared if not one.done), None)
    return request.to(f"/plans/{plan.id}/sections/{page}" if page else f"/plans/{plan.id}")


def _shown(plan: Plan, items: Sequence[Item]) -> dict[str, Any]:
    """Return the context of templates/pages/plan.html."""
    event, bundle = _event(plan.event)
    today, upcoming = progress.day(now()), plans.upcoming(items)
    return {
        "plan": plan,
        "event": event,
        "items": items,
        "states": STATES,
        "fees": {item.application.id: item.fee(today) for item in items},
        "total": plans.total(items, today),
        "upcoming": upcoming,
        "next_at": _next(upcoming),
        "turn": plans.HER_TURN,
        "more": len(items) < len(bundle.services),
    }


def _choice(
    request: Visit, plan: Plan, items: Sequence[Item], chosen: Sequence[str], errors: dict[str, str]
) -> Response[Any]:
    event, bundle = _event(plan.event)
    begun = {item.service.id for item in items}
    offered = [(one, catalogue().get(one.service)) for one in bundle.services if one.service not in begun]
    context = {"plan": plan, "event": event, "offered": offered, "chosen": chosen, "begun": items, "errors": errors}
    return request.page("plan_services", context, section="applications", status=422 if errors else 200)


def _question(request: Visit, plan: Plan, shared: Shared, sent: Fields | None, errors: dict[str, str]) -> Response[Any]:
    event, _bundle = _event(plan.event)
    first, language = shared.items[0], request.language
    known = first.known(progress.day(now()))
    typed = sent if sent is not None else form.typed(shared.section, first.application.answers, known)
    fields = fields_of(shared.questions(bundles().questions), typed, known, language)
    context = {"plan": plan, "event": event, "page": shared.section, "fields": fields, "shared": shared.items}
    status = 422 if errors else 200
    return request.page("plan_question", context, section="applications", status=status, errors=errors)


async def _again(request: Visit, plan: Plan, section_id: str, fields: Fields, invalid: Invalid) -> Response[Any]:
    async with request.database.connect() as connection:
        shared = await planning.page(connection, plan, section_id, now())
    return _question(request, plan, shared, fields, request.errors(invalid))


def _next(item: Item | None) -> str:
    """Return the address at which the person goes on with an application that waits for her."""
    if item is None:
        return ""
    own = f"/applications/{item.application.id}"
    if item.application.state is State.DRAFT:
        return f"{own}/{next_page(item.application, item.service, now())}"
    return f"{own}/signature" if item.application.state is State.AWAITING_SIGNATURE else own
