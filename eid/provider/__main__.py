"""The `eid` command: serve · migrate · seed · enrol · unlock · card · phone · client · keys · certificate · pki."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from eid.provider import enrolment, store, tokens
from eid.provider.civil_register import CivilRegister, Entry
from eid.provider.database import connect
from eid.provider.errors import CannotStart
from eid.provider.means.command import add_commands as add_means_commands
from eid.provider.pki_command import add_commands as add_pki_commands
from eid.provider.registration import read_client, with_secret
from eid.provider.secret import Secret
from eid.provider.settings import Settings, WrongSettings, load
from eid.provider.signing.command import add_commands as add_certificate_commands
from eid.provider.store import Connection

Act = Callable[[argparse.Namespace, Settings, Connection, datetime], Awaitable[str]]


def main() -> None:
    """Run the command; whatever stands in its way is one sentence on standard error and exit code 1."""
    arguments = _parser().parse_args()
    try:
        sys.exit(arguments.run(arguments))
    except (WrongSettings, CannotStart) as reason:
        sys.exit(f"eid: {reason}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="eid", description="The stand-in for the national eID (DEMO).")
    commands = parser.add_subparsers(required=True)
    commands.add_parser("serve", help="migrate, then serve").set_defaults(run=_serve)
    _add(commands, "migrate", _migrate, "make what is missing of the schema `eid`, and the signing keys")
    _add(commands, "seed", _seed, "enrol the demo people")
    _add_enrolment(commands)
    clients = commands.add_parser("client", help="who may ask who someone is").add_subparsers(required=True)
    _add(clients, "add", _add_client, "register a client, or renew it").add_argument("--file", type=Path, required=True)
    _add(clients, "list", _list_clients, "list the clients")
    _add(clients, "remove", _remove_client, "forget a client").add_argument("--id", required=True)
    keys = commands.add_parser("keys", help="the keys that sign").add_subparsers(required=True)
    _add(keys, "rotate", _rotate, "sign with the next key; the old one is published for a day more")
    add_means_commands(commands, _add)
    add_certificate_commands(commands, _add)
    add_pki_commands(commands)
    return parser


def _add_enrolment(commands: Any) -> None:  # noqa: ANN401 - argparse keeps its type to itself
    enrol = _add(commands, "enrol", _enrol, "enrol a person of the civil register, or give her a new PIN")
    enrol.add_argument("--person", required=True, help="her personal number")
    enrol.add_argument("--pin", required=True, help="4 to 8 digits")
    enrol.add_argument("--email")
    enrol.add_argument("--language", choices=("sq", "sr", "en"), default="sq")
    abroad = enrol.add_argument_group("for a person whom the civil register does not have (all three)")
    abroad.add_argument("--given-name")
    abroad.add_argument("--family-name")
    abroad.add_argument("--birthdate", type=date.fromisoformat, help="YYYY-MM-DD")
    unlock = _add(commands, "unlock", _unlock, "give a person her three tries back")
    unlock.add_argument("--person", required=True, help="her personal number")


def _add(commands: Any, name: str, act: Act, about: str) -> argparse.ArgumentParser:  # noqa: ANN401 - as above
    parser: argparse.ArgumentParser = commands.add_parser(name, help=about)
    parser.set_defaults(run=partial(_run, act))
    return parser


def _run(act: Act, arguments: argparse.Namespace) -> int:
    sys.stdout.write(asyncio.run(_with_database(act, arguments, load())) + "\n")
    return 0


async def _with_database(act: Act, arguments: argparse.Namespace, settings: Settings) -> str:
    connection = await connect(settings)
    try:
        return await act(arguments, settings, connection, datetime.now(UTC))
    finally:
        await connection.close()


def _serve(_arguments: argparse.Namespace) -> int:
    from eid.provider.serve import serve  # noqa: PLC0415 - the web server takes longer to load than most commands run

    with suppress(KeyboardInterrupt):
        asyncio.run(serve(load()))
    return 0


async def _migrate(_arguments: argparse.Namespace, settings: Settings, connection: Connection, now: datetime) -> str:
    await tokens.load_keys(connection, Secret(settings.secret), now)
    return "The schema `eid` is as it should be."


async def _seed(_arguments: argparse.Namespace, settings: Settings, connection: Connection, now: datetime) -> str:
    async with CivilRegister(settings) as register:
        count = await enrolment.seed(connection, register, Secret(settings.secret), now)
    return f"{count} demo people are enrolled."


async def _enrol(arguments: argparse.Namespace, settings: Settings, connection: Connection, now: datetime) -> str:
    application = enrolment.Application(arguments.person, arguments.pin, arguments.email, arguments.language)
    given = (arguments.given_name, arguments.family_name, arguments.birthdate)
    if any(given) and not all(given):
        raise CannotStart("Give --given-name, --family-name and --birthdate, or none of them.")
    async with CivilRegister(settings) as register:
        entry = Entry(*given) if all(given) else register
        await enrolment.enrol(connection, application, entry, Secret(settings.secret), now)
    return "Enrolled, with a card and a phone: PIN2 is the first digit of the PIN five times, the PUK eight times."


async def _unlock(arguments: argparse.Namespace, _settings: Settings, connection: Connection, _now: datetime) -> str:
    await enrolment.unlock(connection, arguments.person)
    return "Unlocked: three tries."


async def _add_client(arguments: argparse.Namespace, settings: Settings, connection: Connection, now: datetime) -> str:
    read = read_client(arguments.file)
    registered = await store.find_client(connection, read.client_id)
    client, made = with_secret(read, registered, Secret(settings.secret))
    await store.save_client(connection, client, now)
    await tokens.load_keys(connection, Secret(settings.secret), now, with_rsa=client.takes_rsa)
    return f"{client.client_id}\nclient_secret (shown once): {made}" if made else client.client_id


async def _list_clients(
    _arguments: argparse.Namespace, _settings: Settings, connection: Connection, _now: datetime
) -> str:
    return "\n".join(f"{client.client_id}  {client.client_name}" for client in await store.clients(connection))


async def _remove_client(
    arguments: argparse.Namespace, _settings: Settings, connection: Connection, _now: datetime
) -> str:
    if not await store.remove_client(connection, arguments.id):
        raise CannotStart(f"There is no client {arguments.id}: see `eid client list`.")
    return "Removed."


async def _rotate(_arguments: argparse.Namespace, settings: Settings, connection: Connection, now: datetime) -> str:
    await tokens.rotate_keys(connection, Secret(settings.secret), now)
    keys = await tokens.load_keys(connection, Secret(settings.secret), now)
    return f"{keys.current.kid} signs now; {len(keys.published)} keys are published."


if __name__ == "__main__":
    main()
