"""Serves the eID: one granian server in this process, after everything it needs was found to be there."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import sys
from datetime import UTC, datetime

import structlog
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.embed import Server

from eid.provider.app import create_app
from eid.provider.database import connect
from eid.provider.errors import CannotStart
from eid.provider.keystore import PkiError
from eid.provider.secret import Secret
from eid.provider.settings import Settings
from eid.provider.tokens import load_keys

_LARGEST_HEAD = 16 * 1024  # bytes
_HEAD_SECONDS = 10


async def serve(settings: Settings) -> None:
    """Serve until told to stop; CannotStart when the port, the database, the keys or the trust services are missing."""
    _refuse_busy_port(settings)
    _log_as_json()
    try:
        app = create_app(settings)
    except PkiError as missing:
        raise CannotStart(str(missing)) from missing
    await _prepare(settings)
    # In this process and not in a child: whoever kills it leaves nothing behind that holds the port.
    server = Server(
        app,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        http1_settings=HTTP1Settings(header_read_timeout=_HEAD_SECONDS * 1000, max_buffer_size=_LARGEST_HEAD),
        log_access=False,
        log_level=LogLevels.error,
        websockets=False,
    )
    for ending in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(ending, server.stop)
    await server.serve()


async def _prepare(settings: Settings) -> None:
    connection = await connect(settings)
    try:
        await load_keys(connection, Secret(settings.secret), datetime.now(UTC))
    finally:
        await connection.close()


def _refuse_busy_port(settings: Settings) -> None:
    """Find out before serving: the server itself would share the port with whoever listens there."""
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise CannotStart(
                f"{settings.host}:{settings.port} cannot be served ({error.strerror}): "
                "stop what listens there or change EID_HOST and EID_PORT."
            ) from error


def _log_as_json() -> None:
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
