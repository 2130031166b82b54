"""What nothing built like this could exceed: the same server and framework with nothing, or next to nothing, to do.

    python -m tests.bench.ceiling hello PORT     Litestar says "hello"
    python -m tests.bench.ceiling page PORT      the portal itself, with My applications from memory as its only page

The readers' sessions and lists are read once, at the start: BENCH_TOKENS holds the tokens of their sessions.
"""

from __future__ import annotations

import itertools
import os
import sys
from typing import Any

import uvloop
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.embed import Server
from litestar import Litestar, Response, get
from litestar.types import ASGIApp

from portal import app, cookie
from portal.database import opened
from portal.pages.applications import PAGE, STATES
from portal.session import anyone, ends_at
from portal.settings import Settings, load
from portal.store import find_session
from portal.visit import Visit
from services.applications import casework
from services.catalogue.load import catalogue


def hello() -> ASGIApp:
    """Return the least that Litestar can do."""

    @get("/", media_type="text/plain")
    async def say_hello() -> str:
        return "hello"

    return Litestar([say_hello], openapi_config=None, logging_config=None)


def page() -> ASGIApp:
    """Return the portal with one page, My applications without any I/O; a request brings no session to look up."""
    settings = load(Settings)
    known = itertools.cycle(uvloop.run(_read(settings)))

    @get("/applications", guards=[anyone])
    async def mine(request: Visit) -> Response[Any]:
        state, context = next(known)
        request.scope["state"].update(state)
        return request.page("applications", context, section="applications")

    app.PAGES[:] = [mine]
    return app.create_app(settings)


async def _read(settings: Settings) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Return, for each reader, what her session adds to a request, and what the page shows."""
    read: list[tuple[dict[str, Any], dict[str, Any]]] = []
    async with opened(settings) as database, database.connect() as connection:
        for token in os.environ["BENCH_TOKENS"].split():
            session = await find_session(connection, cookie.digest(token))
            assert session is not None
            state = {"session": session, "person": session, "unread": 0, "session_ends_at": ends_at(session)}
            found = await casework.mine(connection, session.person_id, None, PAGE)
            read.append((state, {"applications": found, "more": None, "states": STATES, "catalogue": catalogue()}))
    return read


async def serve(ceiling: ASGIApp, port: int) -> None:
    """Serve as portal/serve.py does: one process, one worker."""
    server = Server(
        ceiling,
        address="127.0.0.1",
        port=port,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        backlog=1024,
        http1_settings=HTTP1Settings(header_read_timeout=10_000, max_buffer_size=64 * 1024),
        websockets=False,
        log_access=False,
        log_level=LogLevels.error,
    )
    await server.serve()


if __name__ == "__main__":
    ceiling = {"hello": hello, "page": page}[sys.argv[1]]()
    uvloop.run(serve(ceiling, int(sys.argv[2])))
