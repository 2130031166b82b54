"""The front page: search, life events, the services that people use most; and the list of all."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Response, get
from litestar.params import FromPath, QueryParameter

from i18n.refusal import NotFound
from portal.pages import my_services
from portal.session import anyone, now
from portal.visit import Visit
from services.applications import progress
from services.catalogue.load import bundles, catalogue
from services.catalogue.search import Found
from services.insight import usage

MOST = 30  # services that a search shows
FOREMOST = 9  # services on the front page

Query = Annotated[str, QueryParameter(name="q", max_length=200)]


@get("/", guards=[anyone], opt={"keep": True})
async def home(request: Visit) -> Response[Any]:
    """Show where to begin: what happens in a life, and what people use most."""
    book, own = catalogue(), await my_services.of(request)
    async with request.database.connect() as connection:
        used = await usage.most_used(connection, progress.day(now()), FOREMOST)
    services = book.foremost(used, FOREMOST)
    return request.page("home", own, services=services, count=len(book.all()), life_events=book.life_events())


@get("/services", guards=[anyone])
async def search(request: Visit, q: Query = "") -> Response[Any]:
    """List the services, those that fit what was typed when something was."""
    book = catalogue()
    found = book.search(q, request.language) if q.strip() else Found(book.all())
    told = {"found": found, "most": MOST, "life_events": book.life_events()}
    told |= {} if q.strip() else await my_services.of(request)
    return request.page("services", told, block="results", section="services", q=q.strip())


@get("/life-events/{event_id:str}", guards=[anyone], opt={"keep": True})
async def life_event(request: Visit, event_id: FromPath[str]) -> Response[Any]:
    """Show what a life event may need, in one place."""
    for event, services in catalogue().life_events():
        if event.id == event_id:
            bundle = bundles().of(event.id)
            planned = [catalogue().get(one.service) for one in bundle.services] if bundle else []
            more = [service for service in planned if service not in services]
            context = {"event": event, "services": [*services, *more], "bundle": bundle}
            return request.page("life_event", context, section="services")
    raise NotFound


@get("/{address:path}", guards=[anyone])
async def nowhere() -> None:
    """Say that there is nothing here, to someone whom the page still knows: unknown routes pass no session."""
    raise NotFound
