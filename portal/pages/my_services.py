"""A person's own services: those that she marked, those she lately applied for, those that registers suggest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Response, get, post
from litestar.middleware import DefineMiddleware
from litestar.params import FromPath
from litestar.response import Redirect

from eid.person import reaches
from i18n.text import Sayable, Wording, _
from portal import reading
from portal.limit import LimitMiddleware
from portal.session import citizen, now
from portal.visit import Visit
from services.applications import casework, progress
from services.catalogue import suited
from services.catalogue.load import catalogue
from services.catalogue.service import Service
from services.catalogue.suited import Suited
from services.favourites import marking
from services.offers.offering import LAW
from services.registers.because import READ, because
from services.registers.facts import FACTS, REGISTERS, Answer, Need, Register

PURPOSE = Wording(
    "Për të parë cilat shërbime mund t’i kërkoni.",
    "Da vidimo koje usluge možete da zatražite.",
    "To see which services you can apply for.",
)
ASSURANCE = "substantial"  # registers are read
_LATELY = 4  # services
_LOOKED_AT = 20  # applications, among which those services are found
_few = DefineMiddleware(LimitMiddleware, most=10)  # each time many registers are asked


@get("/my-services", guards=[citizen])
async def mine(request: Visit) -> Response[Any]:
    """Show what she marked and what she lately applied for, and the way to what suits her."""
    return request.page("my_services", await of(request), section="services")


@post("/services/{service_id:str}/favourite", guards=[citizen], status_code=303)
async def mark(request: Visit, service_id: FromPath[str]) -> Redirect:
    """Mark a service, to find it again."""
    async with request.database.transaction() as connection:
        await marking.mark(connection, request.person.person_id, service_id, now())
    return request.to(f"/services/{service_id}")


@post("/services/{service_id:str}/favourite/removal", guards=[citizen], status_code=303)
async def unmark(request: Visit, service_id: FromPath[str]) -> Redirect:
    """Take the mark away, and go back to where that was pressed."""
    async with request.database.transaction() as connection:
        await marking.unmark(connection, request.person.person_id, service_id)
    pressed = (await request.first("at"))["at"]
    return request.to("/my-services" if pressed == "mine" else f"/services/{service_id}")


@get("/my-services/suggestions", guards=[citizen])
async def before(request: Visit) -> Response[Any]:
    """Say which registers would be asked, and for what, before any is; first a stronger sign-in if need be."""
    if not reaches(request.person.acr, ASSURANCE):
        return request.to(f"/sign-in?level={ASSURANCE}&next=/my-services/suggestions")
    return _asking(request, [code for code, _facts in _readable()], {})


@post("/my-services/suggestions", guards=[citizen], middleware=[_few], status_code=200)
async def suggestions(request: Visit) -> Response[Any]:
    """Ask the registers that she ticked, once for each fact, and show what suits her by what they say."""
    if not reaches(request.person.acr, ASSURANCE):
        return request.to("/my-services/suggestions")
    ticked = (await request.fields()).get("registers", [])
    needs = [Need(fact, PURPOSE, LAW) for register, facts in _readable() if register in ticked for fact in facts]
    if not needs:
        return _asking(request, [], request.errors({"registers": _("Choose at least one register.")}))
    answers = await reading.about_herself(request, needs)
    return request.page("suggestions", _suggested(answers), section="services")


async def of(request: Visit) -> dict[str, Any]:
    """Return what stands in a signed-in person's own section of a page; nothing for anyone else."""
    if request.session is None:
        return {}
    person_id = request.person.person_id
    async with request.database.connect() as connection:
        favourites = await marking.of(connection, person_id)
        applications = await casework.mine(connection, person_id, None, _LOOKED_AT)
    lately = dict.fromkeys(one.service_id for one in applications)
    found = [service for service_id in lately if (service := catalogue().get(service_id))]
    return {"favourites": favourites, "lately": found[:_LATELY]}


def _readable() -> list[tuple[str, list[str]]]:
    """Return the registers that can suggest something, each with the facts that would be asked of it."""
    read = suited.needs(catalogue().all()).intersection(READ)
    by_register = {code: sorted(name for name in read if FACTS[name].register.code == code) for code in REGISTERS}
    return [(code, facts) for code, facts in by_register.items() if facts]


def _asking(request: Visit, ticked: Sequence[str], errors: dict[str, str]) -> Response[Any]:
    registers = [(REGISTERS[code], [FACTS[name].label for name in facts]) for code, facts in _readable()]
    context = {"registers": registers, "ticked": ticked, "purpose": PURPOSE, "law": LAW}
    return request.page("suggestions_before", context, section="services", status=422 if errors else 200, errors=errors)


def _suggested(answers: Sequence[Answer]) -> dict[str, Any]:
    """Return the context of templates/pages/suggestions.html."""
    held = {answer.fact.name: answer.fact.value for answer in answers if answer.fact}
    found = suited.suited(catalogue().all(), held, progress.day(now()))
    named = [(one.service, why) for one in found if (why := _reasons(one, held))]
    return {
        "events": _by_event(named),
        "anyones": [one.service for one in found if not _reasons(one, held)],
        "silent": _silent(answers),
    }


def _reasons(one: Suited, held: Mapping[str, Any]) -> list[Sayable]:
    found = (because(name, held[name]) for name in one.facts if name in held)
    return [reason for reason in found if reason]


def _by_event(named: Sequence[tuple[Service, list[Sayable]]]) -> list[tuple[Wording, list[Any]]]:
    """Return the services by life event, each at the first of its own."""
    groups = (
        (event.names, [(service, why) for service, why in named if service.life_events[0] == event.id])
        for event, _services in catalogue().life_events()
    )
    return [(name, services) for name, services in groups if services]


def _silent(answers: Sequence[Answer]) -> list[Register]:
    codes = dict.fromkeys(FACTS[one.need.name].register.code for one in answers if one.outcome != "ok")
    return [REGISTERS[code] for code in codes]
