"""Businesses of the invented people, and who may act for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from typing import Literal

import msgspec
import yaml

from services.registers.sandbox.population.demo import Story
from services.registers.sandbox.population.number import business_number
from services.registers.sandbox.population.person import ADULT, Dwelling, Kin, Person, years_before
from services.registers.sandbox.population.place import gazetteer

Form = Literal["individual", "limited", "joint_stock", "public"]
Role = Literal["owner", "director", "representative"]
_ENDING = {"albanian": "SH.P.K.", "serbian": "D.O.O."}
# The employers' serials lie beyond every kin's.
_EMPLOYERS = 99_000_000
_SERIALS = 64  # businesses that a kin may have


class Activity(msgspec.Struct, frozen=True):
    """What a business does, by its code of NACE Rev. 2, with its name in every language and a word for signboards."""

    code: str
    weight: int
    word: Mapping[str, str]
    name: Mapping[str, str]


class Employer(msgspec.Struct, frozen=True):
    """Someone who gives work to many."""

    name: str
    form: Form
    activity: str
    weight: int


class Trade(msgspec.Struct, frozen=True):
    """All of firms.yaml."""

    activities: tuple[Activity, ...]
    employers: tuple[Employer, ...]
    sectors: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Member:
    """Who has a part in a business or acts for it; `alone`: whether this person may sign without another."""

    person: Person
    role: Role
    since: date
    share: int | None = None  # percent
    alone: bool = True
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Firm:
    """A business: its number (NUI, also its fiscal number), its name and form, what it does and where."""

    number: str
    name: str
    form: Form
    activity: str
    registered_on: date
    seat: Dwelling
    vat: bool
    closed_on: date | None = None
    members: Sequence[Member] = field(default=())


@cache
def trade() -> Trade:
    """Return what firms.yaml tells."""
    return msgspec.convert(yaml.safe_load(Path(__file__).with_name("firms.yaml").read_text()), Trade)


@cache
def activity_names() -> Mapping[str, Mapping[str, str]]:
    """Return the name of each activity in every language, by its code."""
    return {**trade().sectors, **{activity.code: activity.name for activity in trade().activities}}


@cache
def employer_numbers() -> Sequence[str]:
    """Return the number of each employer, in the order of firms.yaml."""
    return [business_number(_EMPLOYERS + place) for place in range(len(trade().employers))]


def by_chance(index: int, grown: Sequence[Person], day: date, rng: Random) -> list[Firm]:
    """Return the businesses of a kin: one grown person in sixteen has one, one in nine of these has closed."""
    firms: list[Firm] = []
    for person in grown:
        age = person.age(day)
        if rng.random() < 1 / 16 and person.home and 20 < age < 70:  # noqa: PLR2004 - of an age to trade
            firms.append(_firm(index * _SERIALS + len(firms), person, grown, day, rng))
    return firms


def _firm(serial: int, person: Person, grown: Sequence[Person], day: date, rng: Random) -> Firm:
    activity = rng.choices(trade().activities, weights=[one.weight for one in trade().activities])[0]
    limited = rng.random() < 0.4  # noqa: PLR2004 - the rest trade in their own names
    since = years_before(day, rng.uniform(0, min(20, person.age(day) - 18.5)))
    closed = years_before(day, rng.uniform(0, (day - since).days / 366)) if rng.random() < 1 / 9 else None
    partner = next((one for one in grown if one is not person and _may_join(one, person, since)), None)
    together = limited and partner is not None and rng.random() < 0.3  # noqa: PLR2004 - three in ten
    members = [Member(person, "owner", since, 50 if together else 100)]
    if limited:
        members.append(Member(person, "director", since, alone=not together))
    if together and partner is not None:
        members += [Member(partner, "owner", since, 50), Member(partner, "director", since, alone=False)]
    community = "serbian" if person.cyrillic else "albanian"
    word = activity.word[community]
    name = f"{word} {person.family_name} {_ENDING[community]}" if limited else f"{word} {person.given_name} B.I."
    return Firm(
        number=business_number(serial),
        name=name,
        form="limited" if limited else "individual",
        activity=activity.code,
        registered_on=since,
        seat=person.home or Dwelling(0, "prishtine", "Prishtinë", "Agim Ramadani", "1", "10000"),
        vat=rng.random() < (0.6 if limited else 0.15),
        closed_on=closed,
        members=members,
    )


def _may_join(one: Person, founder: Person, since: date) -> bool:
    return one.home is founder.home and (since - one.birthdate).days > ADULT * 366


def of_the_story(kin: Kin, day: date, story: Story) -> list[Firm]:
    """Return the businesses of the demonstration's people, and the employers who give work to everyone."""
    homes = {name: kin.dwellings[place] for place, name in enumerate(story.homes)}
    people = {member.id: person for member, person in zip(story.people, kin.people, strict=True)}
    firms = [
        Firm(
            number=told.number,
            name=told.name,
            form=told.form,
            activity=told.activity,
            registered_on=years_before(day, told.years),
            seat=homes[told.home],
            vat=told.vat,
            members=[
                Member(people[one.person], one.role, years_before(day, told.years), one.share, one.alone)
                for one in told.members
            ],
        )
        for told in story.firms
    ]
    return [*firms, *_employers(day)]


def _employers(day: date) -> list[Firm]:
    place = gazetteer().municipalities["prishtine"]
    seat = Dwelling(0, "prishtine", place.settlements[0], "Nëna Terezë", "1", place.postal_code)
    return [
        Firm(number, one.name, one.form, one.activity, years_before(day, 20), seat, vat=one.form != "public")
        for number, one in zip(employer_numbers(), trade().employers, strict=True)
    ]
