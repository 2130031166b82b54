"""The commands `eid card` and `eid phone`: list · renew · suspend · resume · block · expire."""

from __future__ import annotations

import argparse
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, TypeAlias, get_args

from eid.provider import store as people
from eid.provider.errors import CannotStart
from eid.provider.means import store
from eid.provider.means.code import Means, MeansKind, Standing, state_of
from eid.provider.means.issue import demo_codes, issue
from eid.provider.people import Enrolled
from eid.provider.secret import Secret
from eid.provider.settings import Settings
from eid.provider.store import Connection

Act: TypeAlias = Callable[[argparse.Namespace, Settings, Connection, datetime], Awaitable[str]]
Add: TypeAlias = Callable[[Any, str, Act, str], argparse.ArgumentParser]
_STANDINGS: dict[str, tuple[Standing, str, str]] = {
    "suspend": ("suspended", "let it rest until `resume`", "Suspended."),
    "resume": ("valid", "end a suspension", "Valid."),
    "block": ("revoked", "end it for good: lost or stolen", "Blocked for good."),
}


def add_commands(commands: Any, add: Add) -> None:  # noqa: ANN401 - argparse keeps its type to itself
    """Add `card` and `phone` to the commands."""
    for kind in get_args(MeansKind):
        group = commands.add_parser(kind, help=f"people's {kind}s").add_subparsers(required=True)
        each = {
            "list": (_list, "say which there are, and in what state"),
            "renew": (_renew, "issue a new one; the old one is revoked"),
            "expire": (_expire, "let it end now"),
            **{name: (_stand, about) for name, (_standing, about, _said) in _STANDINGS.items()},
        }
        for name, (act, about) in each.items():
            parser = add(group, name, act, about)
            parser.set_defaults(kind=kind, act=name)
            parser.add_argument("--person", required=name != "list", help="her personal number")
            if name == "renew":
                parser.add_argument("--pin", required=True, help="PIN1, 4 to 8 digits; PIN2 and PUK follow from it")


async def _list(arguments: argparse.Namespace, _settings: Settings, connection: Connection, now: datetime) -> str:
    found = [await _person(connection, arguments.person)] if arguments.person else await people.listed(connection)
    return "\n".join([await _line(connection, person, arguments.kind, now) for person in found])


async def _line(connection: Connection, person: Enrolled, kind: MeansKind, now: datetime) -> str:
    means = await store.find_means(connection, person.id, kind)
    if means is None:
        return f"{person.name}: none"
    tries = ", ".join(f"{name} {means.codes[name].tries_left}" for name in ("pin1", "pin2", "puk"))
    states = " ".join(dict.fromkeys(state_of(means, pin, now) for pin in ("pin1", "pin2")))
    return f"{person.name}: {means.number} until {means.valid_until:%Y-%m-%d}, {states}; tries left: {tries}"


async def _renew(arguments: argparse.Namespace, settings: Settings, connection: Connection, now: datetime) -> str:
    if not (arguments.pin.isdecimal() and arguments.pin.isascii() and 4 <= len(arguments.pin) <= 8):  # noqa: PLR2004 - a PIN's length
        raise CannotStart("A PIN has 4 to 8 digits.")
    person = await _person(connection, arguments.person)
    async with connection.transaction():
        codes = demo_codes(arguments.pin)
        means = await issue(connection, person.id, arguments.kind, codes, secret=Secret(settings.secret), now=now)
    return f"Issued: {means.number}. PIN2 is the first digit of the PIN five times, the PUK eight times."


async def _expire(arguments: argparse.Namespace, _settings: Settings, connection: Connection, now: datetime) -> str:
    await store.set_valid_until(connection, (await _means(connection, arguments)).id, now)
    return "Expired."


async def _stand(arguments: argparse.Namespace, _settings: Settings, connection: Connection, _now: datetime) -> str:
    means = await _means(connection, arguments)
    standing, _about, said = _STANDINGS[arguments.act]
    if means.standing == "revoked":
        raise CannotStart(
            f"This {arguments.kind} is blocked for good: issue a new one with `eid {arguments.kind} renew`."
        )
    await store.set_standing(connection, means.id, standing)
    return said


async def _means(connection: Connection, arguments: argparse.Namespace) -> Means:
    person = await _person(connection, arguments.person)
    means = await store.find_means(connection, person.id, arguments.kind)
    if means is None:
        raise CannotStart(f"This person has no {arguments.kind}: issue one with `eid {arguments.kind} renew`.")
    return means


async def _person(connection: Connection, number: str) -> Enrolled:
    person = await people.find_by_number(connection, number)
    if person is None:
        raise CannotStart("Nobody is enrolled with this personal number.")
    return person
