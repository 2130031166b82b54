"""The `payments` command: serve · migrate."""

from __future__ import annotations

import argparse
import asyncio
import errno
import logging
import signal
import socket
import sys
from urllib.parse import urlsplit

import asyncpg
import structlog
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.embed import Server

from payments.sandbox import store
from payments.sandbox.app import create_app
from payments.sandbox.render import NoAssets
from payments.sandbox.settings import Settings, WrongSettings, load


def main() -> None:
    """Run the command; what is wrong with the settings is one sentence on standard error and exit code 1."""
    parser = argparse.ArgumentParser(prog="payments", description="The payment provider's stand-in (DEMO).")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="serve the API and the hosted pages, and send messages")
    commands.add_parser("migrate", help="make the schema `payments` in PAYMENTS_DATABASE_URL")
    command = parser.parse_args().command
    _log_as_json()
    try:
        settings = load()
        asyncio.run(_serve(settings) if command == "serve" else _migrate(settings))
    except (WrongSettings, NoAssets, CannotStart) as wrong:
        sys.exit(str(wrong))


class CannotStart(Exception):  # noqa: N818 - what is wrong, as one sentence
    """The address or the database of the settings cannot be used."""


async def _serve(settings: Settings) -> None:
    _check_address(settings)
    app = create_app(settings)
    await _migrate(settings)
    # In this process and not in a child: whoever kills it leaves nothing behind that holds the port.
    server = Server(
        app,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        log_access=False,
        log_level=LogLevels.error,
        websockets=False,
    )
    for ending in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(ending, server.stop)
    await server.serve()


async def _migrate(settings: Settings) -> None:
    try:
        await store.migrate(settings.database_url)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
        where = urlsplit(settings.database_url).hostname or "the local socket"
        why = str(error) or type(error).__name__
        raise CannotStart(f"PAYMENTS_DATABASE_URL: the database at {where} cannot be used ({why}).") from None


def _check_address(settings: Settings) -> None:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise CannotStart(f"PAYMENTS_PORT: port {settings.port} is in use; set another.") from None
            raise CannotStart(
                f"PAYMENTS_HOST and PAYMENTS_PORT: cannot serve at {settings.host}:{settings.port} ({error.strerror})."
            ) from None


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


if __name__ == "__main__":
    main()
