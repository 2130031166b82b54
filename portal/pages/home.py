"""The front page: search, life events, all services."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, Response, get
from litestar.params import Parameter

from i18n.refusal import NotFound
from portal.render import render
from portal.session import anyone
from services.catalogue.load import catalogue

Query = Annotated[str, Parameter(query="q", max_length=200)]


@get("/", guards=[anyone], opt={"keep": True})
async def home(request: Request[Any, Any, Any]) -> Response[Any]:
    """Show where to begin."""
    book = catalogue()
    return render(request, "pages/home.html", section="", services=book.all(), life_events=book.life_events())


@get("/services", guards=[anyone])
async def search(request: Request[Any, Any, Any], q: Query = "") -> Response[Any]:
    """List the services, those that fit what was typed when something was."""
    found = catalogue().search(q, request.scope["state"]["language"]) if q.strip() else catalogue().all()
    return render(request, "pages/services.html", block="results", section="services", services=found, q=q)


@get("/life-events/{event_id:str}", guards=[anyone], opt={"keep": True})
async def life_event(request: Request[Any, Any, Any], event_id: str) -> Response[Any]:
    """Show what a life event may need, in one place."""
    for event, services in catalogue().life_events():
        if event.id == event_id:
            return render(request, "pages/life_event.html", section="services", event=event, services=services)
    raise NotFound
