"""Where faults are asked for: a page for whoever tries a client by hand, and the same as JSON for tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from litestar import Response, delete, get, post
from litestar.exceptions import SerializationException
from litestar.response import Redirect
from uuid_utils.compat import uuid7

from eid.provider import store as eid_store
from eid.provider.browser import AnyRequest, Browser, form
from eid.provider.desk import AtDesk, Desk, Now
from eid.provider.errors import Rejection
from eid.provider.fault import store
from eid.provider.fault.kind import ENDPOINTS, KINDS, MOST_TIMES
from eid.provider.store import Connection
from i18n.text import Language, Sayable, _

_ACT = "fault"
_ANYONE = _("Whoever asks next")
_FORGOTTEN_AFTER = timedelta(hours=1)  # a fault that nobody met does not surprise tomorrow's tester


@dataclass(frozen=True, slots=True)
class Wish:
    """A fault as it was asked for; empty parts are left to us."""

    kind: str = ""
    client_id: str = ""
    at: str = ""
    times: str = "1"


@get("/faults")
async def faults(request: AnyRequest, desk: AtDesk, now: Now) -> Response[Any]:
    """List the faults that are yet to happen, with a form for another."""
    return await _page(request, desk, now, Wish(), {})


@post("/faults", status_code=200)
async def ask(request: AnyRequest, desk: AtDesk, now: Now) -> Response[Any]:
    """Take a fault from the form."""
    sent = await form(request, Browser(request, desk), _ACT)
    wish = Wish(*(sent.get(name) or "" for name in ("kind", "client_id", "at", "times")))
    async with desk.transaction() as connection:
        errors = await _want(connection, wish, now)
    if errors:
        return await _page(request, desk, now, wish, errors)
    return _back(request, desk)


@post("/faults/removal", status_code=200)
async def remove(request: AnyRequest, desk: AtDesk) -> Response[Any]:
    """Let every answer be right again."""
    await form(request, Browser(request, desk), _ACT)
    async with desk.transaction() as connection:
        await store.clear(connection)
    return _back(request, desk)


@get("/api/faults")
async def listed(desk: AtDesk, now: Now) -> Response[Any]:
    """Return the faults that are yet to happen, and all that there are."""
    async with desk.transaction() as connection:
        waiting = await store.wanted(connection, now)
    return Response({"wanted": [_as_json(fault) for fault in waiting], "kinds": {k.name: k.at for k in KINDS.values()}})


@post("/api/faults", status_code=201)
async def ask_as_json(request: AnyRequest, desk: AtDesk, now: Now) -> Response[Any]:
    """Take a fault: {"kind": …, "client_id"?: …, "at"?: …, "times"?: …}."""
    wish = await _read(request)
    async with desk.transaction() as connection:
        errors = await _want(connection, wish, now)
        if errors:
            raise Rejection("invalid_request", " ".join(sentence.say("en") for sentence in errors.values()), status=422)
        waiting = await store.wanted(connection, now)
    return Response(_as_json(waiting[-1]), status_code=201)


@delete("/api/faults", status_code=204)
async def remove_as_json(desk: AtDesk) -> None:
    """Let every answer be right again."""
    async with desk.transaction() as connection:
        await store.clear(connection)


HANDLERS = (faults, ask, remove, listed, ask_as_json, remove_as_json)


async def _want(connection: Connection, wish: Wish, now: datetime) -> dict[str, Sayable]:
    """Keep a fault, or return what is wrong with each field of the wish."""
    kind = KINDS.get(wish.kind)
    client = await eid_store.find_client(connection, wish.client_id) if wish.client_id else None
    errors: dict[str, Sayable] = {}
    if kind is None:
        errors["kind"] = _("Choose what goes wrong.")
    elif wish.at and wish.at not in kind.at:
        errors["at"] = _("This cannot go wrong there. Choose another place, or leave it open.")
    if wish.client_id and client is None:
        errors["client_id"] = _("This client is not registered.")
    if not wish.times.isdecimal() or not 1 <= int(wish.times) <= MOST_TIMES:
        errors["times"] = _("Enter a number from 1 to %(most)s.", most=MOST_TIMES)
    if kind and not errors:
        at = wish.at or kind.at[0]
        fault = store.Fault(uuid7(), wish.client_id or None, kind.name, at, int(wish.times), now + _FORGOTTEN_AFTER)
        await store.want(connection, fault)
    return errors


async def _read(request: AnyRequest) -> Wish:
    """Return a wish sent as JSON, which no form of another site can send."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise Rejection("invalid_request", "Send JSON.", status=415)
    try:
        sent: object = await request.json()
    except SerializationException as wrong:
        raise Rejection("invalid_request", "This is not JSON.") from wrong
    if not isinstance(sent, dict):
        raise Rejection("invalid_request", "Send a JSON object.")
    told = cast("dict[str, object]", sent)
    return Wish(*(str(told.get(name) or kept) for name, kept in zip(Wish.__slots__, ("", "", "", "1"), strict=True)))


async def _page(
    request: AnyRequest, desk: Desk, now: datetime, wish: Wish, errors: dict[str, Sayable]
) -> Response[Any]:
    browser = Browser(request, desk)
    language = browser.language
    async with desk.transaction() as connection:
        waiting, clients = await store.wanted(connection, now), await eid_store.clients(connection)
    page = desk.pages.page(
        "fault_list",
        language,
        switch="/faults",
        status=422 if errors else 200,
        seal=browser.seal_of(_ACT),
        wish=wish,
        waiting=[_line(fault, language) for fault in waiting],
        kinds=[{"value": kind.name, "text": kind.says.say(language)} for kind in KINDS.values()],
        clients=[{"value": client.client_id, "text": client.client_id} for client in clients],
        places=[{"value": endpoint, "text": endpoint} for endpoint in ENDPOINTS],
        errors={name: sentence.say(language) for name, sentence in errors.items()},
    )
    page.set_cookie(browser.bound_cookie())
    return page


def _back(request: AnyRequest, desk: Desk) -> Redirect:
    return Redirect(f"/faults?language={Browser(request, desk).language}", status_code=303)


def _line(fault: store.Fault, language: Language) -> list[object]:
    return [KINDS[fault.kind].says.say(language), fault.at, fault.client_id or _ANYONE.say(language), fault.times]


def _as_json(fault: store.Fault) -> dict[str, object]:
    return {"kind": fault.kind, "client_id": fault.client_id, "at": fault.at, "times": fault.times}
