"""The registers as one HTTP program that speaks the X-Road message protocol for REST."""

from __future__ import annotations

import ctypes
import gc
import signal
import sys
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from secrets import token_urlsafe
from typing import Any

import asyncpg
from jinja2 import Environment
from litestar import Litestar, MediaType, Request, Response, get
from litestar.datastructures import CacheControlHeader, State
from litestar.exceptions import HTTPException
from litestar.static_files import create_static_files_router  # pyright: ignore[reportUnknownVariableType]
from litestar.types import ASGIApp, ControllerRouterHandler

from i18n.text import negotiate
from services.registers.sandbox import keyring, store, xroad
from services.registers.sandbox.answer import House, ask
from services.registers.sandbox.audit import denials, reads
from services.registers.sandbox.description import description
from services.registers.sandbox.desk import desk
from services.registers.sandbox.door import with_headers
from services.registers.sandbox.fault import Faults
from services.registers.sandbox.feed import events
from services.registers.sandbox.keyring import Keyring
from services.registers.sandbox.page import make_environment
from services.registers.sandbox.registry import registers
from services.registers.sandbox.settings import Settings, load
from services.registers.sandbox.take import take

_LARGEST_BODY = 1024  # bytes: the operator sends one; who tells a register something may send more
_YEAR = 365 * 24 * 3600
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def create_app(settings: Settings) -> ASGIApp:
    """Return the registers, with their security headers on every answer."""
    return with_headers(
        Litestar(
            route_handlers=[index, live, ready, keys, ask, take, events, reads, denials, *_operators(settings)],
            exception_handlers={
                xroad.Fault: _fault,
                HTTPException: _http_fault,
                asyncpg.PostgresError: _out_of_service,
                asyncpg.InterfaceError: _out_of_service,
                OSError: _out_of_service,
            },
            lifespan=[_database(settings)],
            state=State({"settings": settings, "seal": token_urlsafe(), "environment": _environment(settings)}),
            openapi_config=None,
            request_max_body_size=_LARGEST_BODY,
        ),
        https=settings.url.startswith("https:"),
    )


def _operators(settings: Settings) -> Iterator[ControllerRouterHandler]:
    """Return the operator's page and what it is made with, where faults may be asked for."""
    if settings.faults:
        yield desk
        yield create_static_files_router(
            path="/assets",
            directories=[settings.assets],
            cache_control=CacheControlHeader(public=True, max_age=_YEAR, immutable=True),
        )


def _environment(settings: Settings) -> Environment | None:
    return make_environment(settings.assets) if settings.faults else None


def serving() -> ASGIApp:
    """Return the registers as the environment sets them, in the server's worker."""
    _die_with_parent()
    return create_app(load())


def _die_with_parent() -> None:
    """Stop when the server's main process is killed: the worker would go on and hold the port."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@get("/", media_type=MediaType.TEXT, sync_to_thread=False)
def index(request: Request[None, None, State]) -> Response[str]:
    """Return what this is, in the reader's language."""
    language = negotiate(request.headers.get("accept-language"))
    return Response(description(language), headers={"Content-Language": language, "Vary": "Accept-Language"})


@get("/health/live", media_type=MediaType.TEXT, sync_to_thread=False)
def live() -> str:
    """Return while the process serves."""
    return "live"


@get("/health/ready", media_type=MediaType.TEXT)
async def ready(state: State) -> str:
    """Return while the database answers."""
    async with state.pool.acquire() as connection:
        await store.ready(connection)
    return "ready"


@get("/.well-known/jwks.json", sync_to_thread=False)
def keys(request: Request[None, None, State]) -> dict[str, list[dict[str, str]]]:
    """Return the keys by which answers can be proven, those that sign no more too."""
    house: House = request.app.state.house
    return house.keyring.published


def _database(settings: Settings) -> Callable[[Litestar], Any]:
    @asynccontextmanager
    async def opened(app: Litestar) -> AsyncGenerator[None]:
        async with store.pool(settings.database_url.get_secret_value()) as pool:
            app.state.pool = pool
            app.state.house = House(settings, pool, await _keyring(pool), Faults())
            # What is here now stays: going through it all in search of rubbish would hold answers up.
            gc.collect()
            gc.freeze()
            yield

    return opened


async def _keyring(pool: store.Pool) -> Keyring:
    """Return the registers' keys; who has none yet gets one."""
    async with pool.acquire() as connection:
        for register in (*registers(), keyring.GATEWAY):
            await store.add_key(connection, keyring.new_key(register, datetime.now(UTC)))
        return Keyring([dict(row) for row in await store.keys(connection)])


def _fault(_request: Request[Any, Any, Any], fault: xroad.Fault) -> Response[bytes]:
    return xroad.refusal(fault)


def _http_fault(_request: Request[Any, Any, Any], fault: HTTPException) -> Response[bytes]:
    kind = "Client.BadRequest" if fault.status_code < 500 else "Server.ServerProxy.InternalError"  # noqa: PLR2004
    return xroad.refusal(xroad.Fault(fault.status_code, kind, "The request cannot be answered.", in_transit=False))


def _out_of_service(_request: Request[Any, Any, Any], _error: Exception) -> Response[bytes]:
    return xroad.refusal(xroad.Fault(500, "Server.ServerProxy.ServiceFailed", "The register does not answer."))
