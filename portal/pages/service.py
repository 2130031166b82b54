"""A public service, before sign-in: what it is, what it costs, what the state knows already and what it will ask."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get

from i18n.refusal import NotFound
from portal.database import Database
from portal.render import render
from portal.session import anyone, citizen
from services.catalogue.load import catalogue
from services.catalogue.service import Service
from services.insight import rating


@get("/services/{service_id:str}", guards=[anyone], opt={"keep": True})
async def service(request: Request[Any, Any, Any], service_id: str, database: Database) -> Response[Any]:
    """Show the service."""
    found = named(service_id)
    async with database.connect() as connection:
        average = await rating.average(connection, found.id)
    return render(request, "pages/service.html", section="services", service=found, average=average)


@get("/services/{service_id:str}/start", guards=[citizen])
async def start(request: Request[Any, Any, Any], service_id: str) -> Response[Any]:
    """Show what will be fetched from the registers and why, before anything is."""
    return render(request, "pages/start.html", section="services", service=named(service_id))


def named(service_id: str) -> Service:
    """Return the service of that id, or NotFound."""
    found = catalogue().get(service_id)
    if found is None:
        raise NotFound
    return found
