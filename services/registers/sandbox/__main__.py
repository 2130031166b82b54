"""The `registers` command: serve · migrate · seed · find · rotate."""

from __future__ import annotations

import argparse
import asyncio
import socket
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.server import MPServer

from services.registers.sandbox import store
from services.registers.sandbox.example import cases, find
from services.registers.sandbox.keyring import new_key
from services.registers.sandbox.page import NoAssets, make_environment
from services.registers.sandbox.progress import Bar
from services.registers.sandbox.registry import registers
from services.registers.sandbox.seeding import seed
from services.registers.sandbox.settings import Settings, WrongSettings, load

_PEOPLE = 2000
_EXAMPLES = 3
_KOSOVO = ZoneInfo("Europe/Belgrade")  # the tz database's zone for Pristina
_LARGEST_HEAD = 16_384  # bytes


class CannotRun(Exception):  # noqa: N818 - a sentence for who starts the program
    """What stands in the way, in one sentence."""


def main() -> None:
    """Run one subcommand; whatever stands in the way is one sentence, and exit code 1."""
    arguments = _arguments()
    try:
        settings = load()
        if arguments.command == "serve":
            _claim(settings.host, settings.port)
            if settings.faults:
                make_environment(settings.assets)
        asyncio.run(_prepare(arguments, settings))
        if arguments.command == "serve":
            _serve(settings)
    except (WrongSettings, CannotRun, NoAssets) as reason:
        sys.exit(f"registers: {reason}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="registers", description="The state's registers, with invented people.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("serve", help="migrate, then answer requests")
    commands.add_parser("migrate", help="make what is missing of the schema")
    seeding = commands.add_parser("seed", help="fill the registers with invented families")
    seeding.add_argument("--people", type=int, default=_PEOPLE, help=f"how many at least ({_PEOPLE})")
    finding = commands.add_parser("find", help="find people who show something out of the ordinary")
    finding.add_argument("--case", choices=[*cases()], help="what; without it, all that there are")
    finding.add_argument("--count", type=int, default=_EXAMPLES, help=f"how many of each register ({_EXAMPLES})")
    rotating = commands.add_parser("rotate", help="let a register sign with a new key; the old one stays published")
    rotating.add_argument("--register", choices=[*registers()], required=True)
    return parser.parse_args()


async def _prepare(arguments: argparse.Namespace, settings: Settings) -> None:
    try:
        connection = await asyncpg.connect(
            settings.database_url.get_secret_value(), server_settings={"search_path": "registers"}, timeout=10
        )
    except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as reason:
        raise CannotRun(f"The database of REGISTERS_DATABASE_URL is not reachable: {reason}") from None
    try:
        await store.migrate(connection)
        await _do(arguments, connection)
    finally:
        await connection.close()


async def _do(arguments: argparse.Namespace, connection: asyncpg.Connection) -> None:
    now = datetime.now(UTC)
    if arguments.command == "seed":
        bar = Bar(arguments.people, sys.stderr, time.monotonic)
        living = await seed(connection, arguments.people, now.astimezone(_KOSOVO).date(), bar.at)
        bar.end()
        sys.stdout.write(f"{living} people live in the registers.\n")
    elif arguments.command == "find":
        for case in [arguments.case] if arguments.case else cases():
            _say(case, await find(connection, case, arguments.count))
    elif arguments.command == "rotate":
        await store.retire_key(connection, arguments.register, now)
        await store.add_key(connection, new_key(arguments.register, now))
        sys.stdout.write(f"{arguments.register} signs with a new key once its program is started again.\n")


def _say(case: str, found: Sequence[Mapping[str, Any]]) -> None:
    sys.stdout.write(f"{case}: {cases()[case].say('en')}\n")
    for one in found:
        name = f"{one['given_name']} {one['family_name']}"
        sys.stdout.write(f"  {one['register']:<20} {one['personal_number']}  {one['birthdate']}  {name}\n")


def _serve(settings: Settings) -> None:
    """Answer in one worker until SIGTERM or SIGINT."""
    MPServer(
        "services.registers.sandbox.app:serving",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=1,
        websockets=False,
        http1_settings=HTTP1Settings(header_read_timeout=10_000, max_buffer_size=_LARGEST_HEAD),
        log_access=False,
        # Under the ten seconds that Docker and systemd give before they kill.
        workers_kill_timeout=5,
    ).serve()


def _claim(host: str, port: int) -> None:
    """Say plainly that the port is taken: the server itself would share it with whoever listens there."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as reason:
            sentence = f"Cannot listen on {host}:{port} (REGISTERS_HOST, REGISTERS_PORT): {reason.strerror}"
            raise CannotRun(sentence) from None


if __name__ == "__main__":
    main()
