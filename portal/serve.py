"""Serves the portal: one granian process with one worker, after everything it needs was found to be there."""

from __future__ import annotations

import asyncio
import socket

from granian.constants import Interfaces
from granian.server import MPServer

from portal import migrate
from portal.assets import build
from portal.settings import Settings, WrongSettings, load


def run() -> int:
    """Serve until told to stop; raise WrongSettings, CannotMigrate or DatabaseUnreachable when it cannot begin."""
    settings = load(Settings)
    refuse_busy_port("PORTAL_PORT", settings.host, settings.port)
    asyncio.run(migrate.refuse_outdated(settings.database_url or ""))
    build.ensure(settings.assets)
    MPServer(
        "portal.app:create_app",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=1,
        websockets=False,
        log_access=False,
        # Under the ten seconds that Docker and systemd give before they kill.
        workers_kill_timeout=5,
    ).serve()
    return 0


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
