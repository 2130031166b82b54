"""The office's queue: what waits at her desks, filtered, counted and searched."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromQuery
from litestar.response import Redirect

from i18n.refusal import Refusal
from i18n.text import Text, _
from portal.database import Connection
from portal.pages.office_case import IN_OFFICE
from portal.session import now, officer
from portal.visit import Visit
from services.applications import desk as desks
from services.applications import progress
from services.applications.application import State
from services.applications.queue import store
from services.applications.queue.wanted import MOST_COUNTED, MOST_NAMED, OPEN, Key, Line, Wanted, Whose, names_in
from services.catalogue.load import catalogue
from services.documents.revocation import store as revocation

PAGE = 50
FILTERS = ("status", "service", "show", "desk", "after")
WHOSE: Mapping[Whose, Text] = {"mine": _("Mine"), "free": _("Nobody's yet"), "overdue": _("Overdue")}
_NUMBER = re.compile("[0-9]{10}")


@get("/office", guards=[officer])
async def queue(  # noqa: PLR0917 - each filter is a parameter
    request: Visit,
    after: FromQuery[str] = "",
    status: FromQuery[str] = "",
    service: FromQuery[str] = "",
    show: FromQuery[str] = "",
    desk: FromQuery[str] = "",
) -> Response[Any]:
    """List what is open at her desks, first what is due first."""
    wanted = _wanted(request, {"status": status, "service": service, "show": show, "desk": desk}, after)
    async with request.database.connect() as connection:
        lines = await store.page(connection, wanted, PAGE)
        context = await _context(request, connection, wanted, lines)
    return request.page("office/queue", context)


@post("/office/search", guards=[officer], status_code=200)
async def find(request: Visit) -> Response[Any] | Redirect:
    """Lead to the application of a reference; list those of a name or a personal number, which no address holds."""
    sought, member = (await request.first("q"))["q"].strip(), request.member
    async with request.database.connect() as connection:
        if found := await store.referred(connection, member, sought.upper()):
            return request.to(f"/office/{found}")
        lines, too_many = await _whose(request, connection, sought)
        context = await _context(request, connection, _wanted(request, {}, ""), lines)
    return request.page("office/queue", context | {"sought": sought, "too_many": too_many, "more": ""})


@get("/office/search", guards=[officer])
async def search(request: Visit) -> Redirect:
    """Lead back to the queue whoever comes here without a search."""
    return request.to("/office")


async def again(request: Visit, typed: Mapping[str, str], ticked: Collection[str], refusal: Refusal) -> Response[Any]:
    """Return the page of the queue from which several were chosen, with the ticks and why they cannot be together."""
    wanted = _wanted(request, typed, typed.get("after", ""))
    async with request.database.connect() as connection:
        lines = await store.page(connection, wanted, PAGE)
        context = await _context(request, connection, wanted, lines)
    first = next((f"case-{line.reference}" for line in lines if not ticked or str(line.id) in ticked), "")
    errors = {first: refusal.sentence.say(request.language)}
    return request.page("office/queue", context | {"ticked": ticked, "errors": errors}, status=422)


async def _whose(request: Visit, connection: Connection, sought: str) -> tuple[list[Line], int]:
    """Return what was found, and of how many people at most it is, when more are called so."""
    if _NUMBER.fullmatch(sought):
        return await store.of_number(connection, request.member, sought, PAGE), 0
    names = names_in(sought)
    lines, are_more = await store.of_name(connection, request.member, names, PAGE) if names else ([], False)
    return lines, MOST_NAMED if are_more else 0


def _wanted(request: Visit, typed: Mapping[str, str], after: str) -> Wanted:
    """Return what the filters say; one that says nothing of hers filters nothing."""
    member, status, show, desk = request.member, typed.get("status"), typed.get("show"), typed.get("desk")
    return Wanted(
        desks=(desk,) if desk in member.desks else tuple(member.desks),
        member_id=member.person_id,
        today=progress.day(now()),
        state=State(status) if status in OPEN else None,
        service_id=typed.get("service") or None,
        whose=cast("Whose", show) if show in WHOSE else "",
        after=_key(after),
    )


def _key(after: str) -> Key | None:
    """Return where a page of the queue begins, from its address; the first page for what is no such place."""
    day, _dot, last = after.partition("_")
    try:
        return Key(date.fromisoformat(day), UUID(last))
    except ValueError:
        return None


async def _context(request: Visit, connection: Connection, wanted: Wanted, lines: list[Line]) -> dict[str, Any]:
    """Return the context of templates/pages/office/queue.html."""
    names, language, last = catalogue(), request.language, lines[-1] if len(lines) == PAGE else None
    services = await store.services(connection, request.member.desks)
    chosen = {
        "status": wanted.state or "",
        "service": wanted.service_id or "",
        "show": wanted.whose,
        "desk": wanted.desks[0] if len(wanted.desks) < len(request.member.desks) else "",
    }
    return {
        "section": "office",
        "lines": lines,
        "more": urlencode({**chosen, "after": f"{last.due_on}_{last.id}"}) if last else "",
        "figures": await store.figures(connection, wanted),
        "states": IN_OFFICE,
        "choices": {
            "status": [{"value": state, "text": IN_OFFICE[state][0].say(language)} for state in OPEN],
            "service": [{"value": each, "text": names.name(each).say(language)} for each in services],
            "show": [{"value": value, "text": text.say(language)} for value, text in WHOSE.items()],
            "desk": _desks(request) if len(request.member.posts) > 1 else [],
        },
        "chosen": chosen,
        "is_filtered": any(chosen.values()),
        "names": names,
        "today": wanted.today,
        "me": wanted.member_id,
        "offices": [desks.name(each.desk) for each in request.member.posts],
        "sought": None,
        "too_many": 0,
        "most": MOST_COUNTED,
        "after": wanted.after,
        "ticked": (),
        "errors": {},
        "can_batch": any(one.role == "officer" for one in request.member.posts),
        "documents": await revocation.count_to_see_to(connection, request.member.decides_for, wanted.member_id),
    }


def _desks(request: Visit) -> list[dict[str, str]]:
    posts = request.member.posts
    return [{"value": each.desk, "text": desks.name(each.desk).say(request.language)} for each in posts]
