"""The operator's page and API of the demonstration: puts a register out of order, and finds people who show a case.

Whoever reaches the address may do so: it exists only where REGISTERS_FAULTS says so, and answers to our own names only,
so that no other site can lead a browser here under a name of its own.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from litestar import Request, Response, delete, get, post, put
from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.enums import MediaType
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath, FromQuery
from litestar.router import Router

from i18n.text import LANGUAGES, Language, negotiate
from services.registers.sandbox import example, xroad
from services.registers.sandbox.answer import House
from services.registers.sandbox.fault import LONGEST, NAMES, SLOWEST, Fault, Kind
from services.registers.sandbox.page import page
from services.registers.sandbox.registry import registers

AnyRequest = Request[Any, Any, State]
_MINUTES = (1, 5, 15, 60)
_EXAMPLES = 10


class Wish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A fault that is asked for: its kind, for how long, and how late a slow register answers."""

    kind: Kind
    minutes: float = 10.0
    seconds: float = 10.0

    def fault(self, now: datetime) -> Fault:
        """Return the fault; raise xroad.Fault 422 when it would last or take too long."""
        lasting = timedelta(minutes=self.minutes) if 0 < self.minutes < 1e6 else timedelta()  # noqa: PLR2004
        if not timedelta() < lasting <= LONGEST or not 0 <= self.seconds <= SLOWEST:
            sentence = "A fault lasts at most twelve hours, and a slow register answers after at most a minute."
            raise xroad.Fault(422, "Client.BadRequest", sentence, in_transit=False)
        return Fault(self.kind, now + lasting, self.seconds)


_wishes = msgspec.json.Decoder(Wish)


def _only_on_request(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
    house: House = connection.app.state.house
    if not house.settings.faults or connection.headers.get("host") not in house.settings.hosts:
        raise _nothing_here()


@get("/")
async def show(request: AnyRequest, case: FromQuery[str] = "") -> Response[str]:
    """Show which registers are out of order, how to put one so, and people who show the chosen case."""
    return await _page(request, case=case)


@post("/faults")
async def change(request: AnyRequest) -> Response[Any]:
    """Put a register out of order for some minutes, or let it work again."""
    form = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
    if not hmac.compare_digest(form.get("seal", "").encode(), request.app.state.seal.encode()):
        return await _page(request, status=403, refused="seal", typed=form)
    if not _is_choice(form):
        return await _page(request, status=422, refused="form", typed=form)
    _set(request, form["register"], Wish(Kind(form["kind"]), float(form["minutes"])) if form["kind"] else None)
    return _back(_language(request))


def _is_choice(form: Mapping[str, str]) -> bool:
    """Tell whether a form chooses what the page offers."""
    kind, minutes = form.get("kind", "-"), form.get("minutes", "")
    is_fault = kind in list(Kind) and minutes in map(str, _MINUTES)
    return form.get("register", "") in registers() and (not kind or is_fault)


def _back(language: Language) -> Response[bytes]:
    location = {"Location": f"/operator?language={language}"}
    return Response(b"", status_code=303, media_type=MediaType.TEXT, headers=location)


@get("/api/faults")
async def listed(request: AnyRequest) -> dict[str, Any]:
    """Return each register's fault, or null."""
    return {"faults": _faults(request)}


@put("/api/faults/{register:str}")
async def made(request: AnyRequest, register: FromPath[str]) -> dict[str, Any]:
    """Put a register out of order: `{"kind", "minutes", "seconds"}`."""
    try:
        wish = _wishes.decode(await request.body())
    except msgspec.DecodeError as wrong:
        raise xroad.Fault(422, "Client.BadRequest", f"The body says no fault: {wrong}.", in_transit=False) from None
    _set(request, _known(register), wish)
    return {"faults": _faults(request)}


@delete("/api/faults/{register:str}", status_code=200)
async def mended(request: AnyRequest, register: FromPath[str]) -> dict[str, Any]:
    """Let a register work again."""
    _set(request, _known(register), None)
    return {"faults": _faults(request)}


@get("/api/examples")
async def examples(request: AnyRequest, case: FromQuery[str]) -> dict[str, Any]:
    """Return people who show a case, by register."""
    if case not in example.cases():
        raise xroad.Fault(404, "Client.UnknownCase", "There is no such case.", in_transit=False)
    async with request.app.state.pool.acquire() as connection:
        return {"examples": await example.find(connection, case, _EXAMPLES)}


desk = Router(
    "/operator",
    route_handlers=[show, change, listed, made, mended, examples],
    guards=[_only_on_request],
)


def _known(register: str) -> str:
    if register not in registers():
        raise xroad.Fault(404, "Client.UnknownRegister", "There is no such register.", in_transit=False)
    return register


def _nothing_here() -> xroad.Fault:
    return xroad.Fault(404, "Client.NotFound", "There is nothing here.", in_transit=False)


def _set(request: AnyRequest, register: str, wish: Wish | None) -> None:
    house: House = request.app.state.house
    if wish is None:
        house.faults.mend(register)
    else:
        house.faults.make(register, wish.fault(datetime.now(UTC)))


def _faults(request: AnyRequest) -> Mapping[str, object]:
    house: House = request.app.state.house
    now = datetime.now(UTC)
    return {
        code: fault and {"kind": fault.kind, "until": fault.until, "seconds": fault.seconds}
        for code in registers()
        for fault in (house.faults.of(code, now),)
    }


async def _page(
    request: AnyRequest,
    *,
    case: str = "",
    status: int = 200,
    refused: str = "",
    typed: Mapping[str, str] | None = None,
) -> Response[str]:
    house: House = request.app.state.house
    now, language = datetime.now(UTC), _language(request)
    found: list[dict[str, Any]] = []
    if case in example.cases():
        async with house.pool.acquire() as connection:
            found = await example.find(connection, case, _EXAMPLES)
    context: dict[str, Any] = {
        "registers": [
            {"code": one.code, "name": one.name, "fault": house.faults.of(one.code, now)}
            for one in registers().values()
        ],
        "kinds": NAMES,
        "minutes": _MINUTES,
        "cases": example.cases(),
        "case": case if case in example.cases() else "",
        "found": found,
        "refused": refused,
        "typed": typed or {},
        "seal": request.app.state.seal,
    }
    return page(request.app.state.environment, language, status, context)


def _language(request: AnyRequest) -> Language:
    asked = request.query_params.get("language")
    return asked if asked in LANGUAGES else negotiate(request.headers.get("accept-language"))
