"""Serves the portal: one process with one worker, after everything it needs was found to be there."""

from __future__ import annotations

import asyncio
import signal
import socket

import uvloop
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.embed import Server
from prometheus_client import start_http_server

from portal import migrate
from portal.assets import build
from portal.parties import refuse_wrong_keys
from portal.settings import Settings, WrongSettings, load

_HEADERS_BYTES = 16 * 1024
_HEADERS_MILLISECONDS = 10_000


def run() -> int:
    """Serve until told to stop; raise WrongSettings, CannotMigrate or DatabaseUnreachable when it cannot begin."""
    settings = load(Settings)
    refuse_busy_port("PORTAL_PORT", settings.host, settings.port)
    refuse_busy_port("PORTAL_METRICS_PORT", settings.metrics_host, settings.metrics_port)
    refuse_wrong_keys(settings)
    asyncio.run(migrate.refuse_outdated(settings.database_url or ""))
    build.ensure(settings.assets)
    uvloop.run(_serve(settings))
    return 0


async def _serve(settings: Settings) -> None:
    from portal.app import create_app  # noqa: PLC0415 - it takes a while, and a busy port should be said at once

    start_http_server(settings.metrics_port, settings.metrics_host)
    # In this process and not in a child: whoever kills it leaves nothing behind that holds the port.
    server = Server(
        create_app(settings),
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        backlog=1024,
        http1_settings=HTTP1Settings(header_read_timeout=_HEADERS_MILLISECONDS, max_buffer_size=_HEADERS_BYTES),
        websockets=False,
        log_access=False,
        log_level=LogLevels.error,
    )
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, server.stop)
    await server.serve()


def refuse_busy_port(setting: str, host: str, port: int) -> None:
    """Raise WrongSettings when another program listens there. The server itself would share the port with it."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise WrongSettings(
                f"{host}:{port} cannot be served ({error.strerror}): stop what listens there or change {setting}."
            ) from None
