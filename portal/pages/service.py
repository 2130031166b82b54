"""A public service, before sign-in: what it is, what it costs, what the state knows already and what it will ask."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from eid.person import reaches
from i18n.refusal import NotFound
from portal.pages import linked_data
from portal.session import anyone, citizen, now
from portal.visit import Visit
from services.applications import progress
from services.catalogue.load import catalogue
from services.catalogue.service import Service
from services.favourites import store as favourites
from services.insight import pace, rating
from services.registers import municipality
from services.registers.facts import FACTS

_EITHER = {"Vary": "Accept, HX-Request"}


@get("/services/{service_id:str}", guards=[anyone], opt={"keep": True})
async def service(request: Visit, service_id: FromPath[str]) -> Response[Any]:
    """Show the service, or give its data to a machine that asks for that."""
    found = named(service_id)
    if request.wants_data:
        return linked_data.given(request, [found], {"Content-Location": linked_data.address(found), **_EITHER})
    async with request.database.connect() as connection:
        average = await rating.average(connection, found.id)
        real = await pace.of(connection, found.id, progress.day(now()))
        marked = await favourites.of(connection, request.person.person_id) if request.session else []
    told = {"service": found, "average": average, "pace": real, "facts": FACTS, "municipality_name": municipality.name}
    told |= {"is_favourite": found.id in marked}
    return request.page("service", told, section="services", headers=_EITHER, **linked_data.told(found))


@get("/services/{service_id:str}/start", guards=[citizen])
async def start(request: Visit, service_id: FromPath[str]) -> Response[Any]:
    """Show what will be fetched from the registers and why, before anything is; first a stronger sign-in if need be."""
    found = named(service_id)
    if not reaches(request.person.acr, found.assurance):
        return request.to(f"/sign-in?level={found.assurance}&next=/services/{found.id}/start")
    return request.page("start", section="services", service=found, facts=FACTS)


def named(service_id: str) -> Service:
    """Return the service of that id, or NotFound."""
    found = catalogue().get(service_id)
    if found is None:
        raise NotFound
    return found
