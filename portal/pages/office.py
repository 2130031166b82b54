"""The office: its queue, and one case with all that is known of it. Every opening of a case is recorded."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.params import FromQuery
from litestar.response import Redirect

from portal.pages import office_words
from portal.pages.applications import STATES
from portal.session import now, officer
from portal.visit import Visit
from services.applications import progress
from services.applications.application import State
from services.applications.office import store
from services.catalogue.load import catalogue

PAGE = 50
OPEN = (State.SUBMITTED, State.IN_REVIEW, State.AWAITING_CITIZEN, State.AWAITING_OPINION)


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
