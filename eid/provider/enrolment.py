"""Gives people an eID with a card and a phone: those of `enrolled.yaml`, and anyone else of the civil register."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec
import yaml
from uuid_utils.compat import uuid7

from eid.provider import store
from eid.provider.civil_register import CivilRegister, Entry
from eid.provider.errors import CannotStart
from eid.provider.means import store as means_store
from eid.provider.means.code import MeansKind
from eid.provider.means.issue import demo_codes, issue
from eid.provider.people import Enrolled, hash_pin
from eid.provider.secret import Secret
from eid.provider.store import Connection
from i18n.text import Language, Wording

_LIST = Path(__file__).with_name("enrolled.yaml")
_ASKED_BY = "eid-enrolment"


@dataclass(frozen=True, slots=True)
class Application:
    """What a person brings to be enrolled; who she is says the civil register. Each gets what `means` names."""

    personal_number: str
    pin: str
    email: str | None = None
    language: Language = "sq"
    shows: Wording | None = None
    means: tuple[MeansKind, ...] = ("card", "phone")
    card_has_expired: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be an eID."""
        if not re.fullmatch(r"[0-9]{10}", self.personal_number):
            raise CannotStart("A personal number has 10 digits.")
        if not re.fullmatch(r"[0-9]{4,8}", self.pin):
            raise CannotStart("A PIN has 4 to 8 digits.")


def demo_people() -> list[Application]:
    """Return the demo people as their list has them."""
    return msgspec.convert(yaml.safe_load(_LIST.read_text()), list[Application])


async def seed(connection: Connection, register: CivilRegister, secret: Secret, now: datetime) -> int:
    """Enrol the demo people and return how many there are. Run again, it keeps PINs, tries and locks as they are."""
    people = demo_people()
    for place, application in enumerate(people, start=1):
        entry = await _entry(register, application.personal_number)
        await store.enrol(connection, _person(application, entry, secret), place, now)
        await _equip(connection, application, secret, now, is_pin_new=False)
    return len(people)


async def enrol(
    connection: Connection, application: Application, entry: Entry | CivilRegister, secret: Secret, now: datetime
) -> None:
    """Enrol one person with a new PIN. The civil register says who she is, or `entry` for one whom it does not have."""
    if isinstance(entry, CivilRegister):
        entry = await _entry(entry, application.personal_number)
    person = _person(application, entry, secret)
    async with connection.transaction():
        known = await store.find_by_number(connection, person.personal_number)
        if known and known.shows:
            raise CannotStart("This is one of the demo people: `eid seed` enrols them.")
        await store.enrol(connection, person, None, now, is_pin_new=True)
        await _equip(connection, application, secret, now, is_pin_new=True)


async def unlock(connection: Connection, personal_number: str) -> None:
    """Give a person all her tries back, of card and phone too; CannotStart when nobody is enrolled with the number."""
    person = await store.find_by_number(connection, personal_number)
    if person is None:
        raise CannotStart("Nobody is enrolled with this personal number.")
    await store.note_tries(connection, person.id, 0, None)
    await means_store.give_tries_back(connection, person.id)


async def _equip(
    connection: Connection, application: Application, secret: Secret, now: datetime, *, is_pin_new: bool
) -> None:
    """Give a person the card and the phone that she lacks, or new ones with a new PIN."""
    person = await store.find_by_number(connection, application.personal_number)
    for kind in application.means if person else ():
        if person and (is_pin_new or not await means_store.find_means(connection, person.id, kind)):
            means = await issue(connection, person.id, kind, demo_codes(application.pin), secret=secret, now=now)
            if kind == "card" and application.card_has_expired:
                await means_store.set_valid_until(connection, means.id, now)


async def _entry(register: CivilRegister, personal_number: str) -> Entry:
    entry = await register.person(personal_number, _ASKED_BY)
    if entry is None:
        raise CannotStart("The civil register has no living person with one of these personal numbers: seed it first.")
    return entry


def _person(application: Application, entry: Entry, secret: Secret) -> Enrolled:
    return Enrolled(
        id=uuid7(),
        personal_number=application.personal_number,
        given_name=entry.given_name,
        family_name=entry.family_name,
        birthdate=entry.birthdate,
        email=application.email,
        language=application.language,
        shows=application.shows,
        pin_hash=hash_pin(application.pin, secret),
        wrong_tries=0,
        locked_at=None,
    )
