"""Every route says who may come in, and none that changes anything can be called from another site."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import pytest
from litestar import Litestar, get, post
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from litestar.params import FromPath
from litestar.types import ASGIApp

from portal.app import create_app
from portal.csrf import SAFE, SIGNED, CsrfMiddleware
from portal.session import GUARDS, anyone, citizen, party
from portal.settings import Settings
from tests.architecture.tree import none

_SAFE = {"GET", "HEAD", "OPTIONS"}
# What tells one person from all others never stands in an address: addresses end up in logs, histories and referrers.
_PERSONAL = {"personal_number", "personal_no", "birthdate", "given_name", "family_name", "email"}


@pytest.fixture(scope="module", params=["csc", "signbox"])
def portal(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Litestar:
    """Give the portal as it is served, by each way to sign, without opening its database."""
    assets: Path = tmp_path_factory.mktemp("assets")
    (assets / "manifest.json").write_text("{}")
    settings = Settings(
        secret="s" * 32,
        eid_client_key="-----BEGIN PRIVATE KEY-----",
        payments_api_key="k" * 16,
        payments_webhook_secret="w" * 16,
        registers_token="t" * 16,
        registers_key="-----BEGIN PRIVATE KEY-----",
        audit_key="-----BEGIN PRIVATE KEY-----",
        assets=assets,
        signing_dialect=request.param,
        signbox_billing_password="b" * 16,
    )
    return inside(create_app(settings))


def inside(app: ASGIApp) -> Litestar:
    """Return the Litestar application within the door's wrappers."""
    found: list[Any] = [app]
    for layer in found:
        if isinstance(layer, Litestar):
            return layer
        cells = cast("tuple[Any, ...]", getattr(layer, "__closure__", None) or ())
        found.extend(cell.cell_contents for cell in cells)
    raise LookupError("there is no Litestar in this application")


def handlers(app: Litestar) -> Iterator[tuple[str, BaseRouteHandler]]:
    """Yield every handler with the address that leads to it; not what the framework adds to answer OPTIONS."""
    for route in app.routes:
        told = getattr(route, "route_handlers", None) or [cast("Any", route).route_handler]
        for handler in told:
            if not (isinstance(handler, HTTPRouteHandler) and handler.http_methods == {"OPTIONS"}):
                yield f"{'/'.join(sorted(_methods(handler)))} {route.path}", handler


def _methods(handler: BaseRouteHandler) -> set[str]:
    return {str(method) for method in handler.http_methods} if isinstance(handler, HTTPRouteHandler) else {"any"}


def _guards(handler: BaseRouteHandler) -> list[Any]:
    """Return the guards that a route itself names, as they were named."""
    return list(cast("Any", handler).guards or ())


def without_guard(app: Litestar) -> list[str]:
    """Return every route that does not name exactly one of the guards."""
    return [
        f"{address} names {len(named)} guards"
        for address, handler in handlers(app)
        if len(named := [guard for guard in _guards(handler) if guard in GUARDS]) != 1
    ]


def forgeable(app: Litestar) -> list[str]:
    """Return whatever lets another site act as the person: no token asked for, or a way around it."""
    faults = [] if CsrfMiddleware in app.middleware else ["the application asks for no token"]
    for address, handler in handlers(app):
        signed, from_party = bool(handler.opt.get(SIGNED)), party in _guards(handler)
        if signed != from_party:
            faults.append(f"{address} goes without a token and is no party's, or the reverse")
        if from_party and _methods(handler) & _SAFE:
            faults.append(f"{address} is a party's and can be called by a link")
    return faults


def wrongly_kept(app: Litestar) -> list[str]:
    """Return every page that would be kept for all though it is not for all."""
    return [
        address
        for address, handler in handlers(app)
        if handler.opt.get("keep") and (anyone not in _guards(handler) or _methods(handler) - _SAFE)
    ]


def personal_addresses(app: Litestar) -> list[str]:
    """Return every route that takes what tells a person in its path or its query."""
    return [
        f"{address} takes {', '.join(sorted(taken))}"
        for address, handler in handlers(app)
        if (taken := _PERSONAL & (set(handler.parsed_fn_signature.parameters) | set(_in_path(address))))
    ]


def _in_path(address: str) -> Iterable[str]:
    return (part[1:-1].partition(":")[0] for part in address.split("/") if part[:1] == "{")


def test_every_route_names_its_guard(portal: Litestar) -> None:
    assert {"GET /", "POST /applications/{application_id:uuid}/submission"} <= {name for name, _ in handlers(portal)}
    none(without_guard(portal))


def test_no_other_site_can_act_as_the_person(portal: Litestar) -> None:
    none(forgeable(portal))
    assert SAFE == _SAFE


def test_only_pages_for_everyone_are_kept(portal: Litestar) -> None:
    none(wrongly_kept(portal))


def test_no_address_tells_who_someone_is(portal: Litestar) -> None:
    none(personal_addresses(portal))


@get("/open")
async def _unguarded() -> None: ...


@get("/both", guards=[anyone, citizen])
async def _guarded_twice() -> None: ...


@post("/hook", guards=[anyone], opt={SIGNED: True})
async def _excluded() -> None: ...


@get("/hook", guards=[party], opt={SIGNED: True})
async def _linked() -> None: ...


@get("/mine", guards=[citizen], opt={"keep": True})
async def _kept() -> None: ...


@get("/person/{personal_number:str}", guards=[citizen])
async def _telling(personal_number: FromPath[str]) -> None: ...


def _app(*planted: Any, middleware: Sequence[Any] = (CsrfMiddleware,)) -> Litestar:  # noqa: ANN401 - a handler
    return Litestar(planted, middleware=middleware, openapi_config=None)


def test_a_route_without_guard_is_seen() -> None:
    assert without_guard(_app(_unguarded)) == ["GET /open names 0 guards"]
    assert without_guard(_app(_guarded_twice)) == ["GET /both names 2 guards"]


@pytest.mark.parametrize("app", [_app(middleware=()), _app(_excluded), _app(_linked)])
def test_a_way_around_the_token_is_seen(app: Litestar) -> None:
    assert len(forgeable(app)) == 1


def test_a_persons_page_that_is_kept_is_seen() -> None:
    assert wrongly_kept(_app(_kept)) == ["GET /mine"]


def test_a_personal_number_in_an_address_is_seen() -> None:
    assert personal_addresses(_app(_telling)) == ["GET /person/{personal_number:str} takes personal_number"]
