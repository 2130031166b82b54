"""The commands `eid certificate`: list · renew · suspend · resume · revoke."""

from __future__ import annotations

import argparse
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, TypeAlias

from eid.provider import store as people
from eid.provider.errors import CannotStart
from eid.provider.keystore import Pki, PkiError, opened
from eid.provider.people import Enrolled
from eid.provider.pki import passphrase_of
from eid.provider.secret import Secret
from eid.provider.settings import Settings
from eid.provider.signing import credential as keys
from eid.provider.signing.credential import Credential
from eid.provider.store import Connection

Act: TypeAlias = Callable[[argparse.Namespace, Settings, Connection, datetime], Awaitable[str]]
Add: TypeAlias = Callable[[Any, str, Act, str], argparse.ArgumentParser]
_REASONS = ("unspecified", "key_compromise", "affiliation_changed", "superseded", "cessation_of_operation")


def add_commands(commands: Any, add: Add) -> None:  # noqa: ANN401 - argparse keeps its type to itself
    """Add `certificate` to the commands."""
    group = commands.add_parser("certificate", help="people's certificates for signing").add_subparsers(required=True)
    for name, act, about in (
        ("list", _list, "say which there are, and in what state"),
        ("renew", _renew, "issue a new key with a new certificate; the old one signs no more"),
        ("suspend", _suspend, "put it on hold until `resume`"),
        ("resume", _resume, "end a suspension"),
        ("revoke", _revoke, "take it back for good"),
    ):
        parser = add(group, name, act, about)
        parser.add_argument("--person", required=True, help="her personal number")
        if act is _revoke:
            parser.add_argument("--reason", choices=_REASONS, default="unspecified")


async def _list(arguments: argparse.Namespace, settings: Settings, connection: Connection, now: datetime) -> str:
    person, pki = await _person(connection, arguments.person), _pki(settings)
    found = await keys.credentials_of(connection, person.id)
    lines = [f"{one.serial:x}  {one.state(pki, now)}  until {one.expires_at:%Y-%m-%d}" for one in found]
    return "\n".join(lines) or "No certificate: the first is issued when a service first asks for it."


async def _renew(arguments: argparse.Namespace, settings: Settings, connection: Connection, now: datetime) -> str:
    person, secret = await _person(connection, arguments.person), Secret(settings.secret)
    async with connection.transaction():
        made = await keys.renew(connection, _pki(settings), secret, person, url=settings.url, now=now)
    return f"{made.serial:x}: until {made.expires_at:%Y-%m-%d}."


async def _suspend(arguments: argparse.Namespace, settings: Settings, connection: Connection, now: datetime) -> str:
    known = await _current(connection, arguments.person)
    await keys.suspend(_pki(settings), known, now)
    return f"{known.serial:x}: {known.state(_pki(settings), now)}."


async def _resume(arguments: argparse.Namespace, settings: Settings, connection: Connection, now: datetime) -> str:
    known = await _current(connection, arguments.person)
    if not await keys.resume(_pki(settings), known):
        raise CannotStart("This certificate is not suspended.")
    return f"{known.serial:x}: {known.state(_pki(settings), now)}."


async def _revoke(arguments: argparse.Namespace, settings: Settings, connection: Connection, now: datetime) -> str:
    known = await _current(connection, arguments.person)
    await keys.revoke(_pki(settings), known, now, arguments.reason)
    return f"{known.serial:x}: revoked. Issue another with `eid certificate renew`."


def _pki(settings: Settings) -> Pki:
    try:
        return opened(settings.pki, passphrase_of(Secret(settings.secret)))
    except PkiError as missing:
        raise CannotStart(str(missing)) from missing


async def _current(connection: Connection, number: str) -> Credential:
    found = await keys.find_current(connection, (await _person(connection, number)).id)
    if found is None:
        raise CannotStart("This person has no certificate yet: issue one with `eid certificate renew`.")
    return found


async def _person(connection: Connection, number: str) -> Enrolled:
    person = await people.find_by_number(connection, number)
    if person is None:
        raise CannotStart("Nobody is enrolled with this personal number.")
    return person
