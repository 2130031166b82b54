"""What the invented people live on: work, search of work, pensions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Literal

from services.registers.sandbox.population.firm import Firm, employer_numbers, trade
from services.registers.sandbox.population.person import ADULT, Person, years_before

PENSION_AGE = 65
_EURO = 100  # cents
_STUDIES_END = 22


@dataclass(frozen=True, slots=True)
class Job:
    """Who works for whom since when, for how much a month before tax; `until` when it has ended."""

    person: Person
    employer: str
    employer_name: str
    position: Literal["worker", "specialist", "manager", "official"]
    since: date
    gross_cents: int
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Pension:
    """Who draws which pension since when, and how much a month."""

    person: Person
    kind: Literal["basic_age", "contributory_age", "disability", "family"]
    since: date
    monthly_cents: int


@dataclass(frozen=True, slots=True)
class Search:
    """Who looks for work, registered since when."""

    person: Person
    since: date


def jobs(grown: Sequence[Person], firms: Sequence[Firm], day: date, rng: Random) -> list[Job]:
    """Return where people work and worked: about half of the men and a third of the women of working age."""
    own = {id(one.person): firm for firm in firms if firm.closed_on is None for one in firm.members}
    found: list[Job] = []
    for person in grown:
        age, draw = person.age(day), rng.random()
        firm = own.get(id(person))
        if firm is not None and firm.form == "limited":
            found.append(_own(person, firm, rng))
        elif _STUDIES_END <= age < PENSION_AGE and draw < (0.55 if person.sex == "male" else 0.36):
            found += _employed(person, day, rng)
    return found


def _own(person: Person, firm: Firm, rng: Random) -> Job:
    return Job(person, firm.number, firm.name, "manager", firm.registered_on, rng.randint(45, 120) * 10 * _EURO)


def _employed(person: Person, day: date, rng: Random) -> list[Job]:
    """Return the present work, and for one in four the one before."""
    places = range(len(trade().employers))
    weights = [one.weight for one in trade().employers]
    working = person.age(day) - ADULT - 2.5
    since = years_before(day, rng.uniform(0.1, min(18, working)))
    found: list[Job] = []
    if rng.random() < 0.25 and (since - person.birthdate).days > 23 * 366:  # noqa: PLR2004 - a quarter, from 23 on
        before = rng.choices(places, weights)[0]
        found.append(_job(person, before, years_before(since, rng.uniform(0.4, 2)), rng, until=since))
    return [*found, _job(person, rng.choices(places, weights)[0], since, rng)]


def _job(person: Person, place: int, since: date, rng: Random, until: date | None = None) -> Job:
    employer = trade().employers[place]
    position = "official" if employer.form == "public" else rng.choice(("worker", "worker", "specialist", "manager"))
    gross = rng.randint(32, 140) * 10 * _EURO
    return Job(person, employer_numbers()[place], employer.name, position, since, gross, until)


def searches(grown: Sequence[Person], working: Sequence[Job], day: date, rng: Random) -> list[Search]:
    """Return who is registered as looking for work: one in eight of those without."""
    busy = {id(job.person) for job in working if job.until is None}
    return [
        Search(person, years_before(day, rng.uniform(0.05, 3)))
        for person in grown
        if id(person) not in busy and person.age(day) < PENSION_AGE and rng.random() < 1 / 8
    ]


def pensions(grown: Sequence[Person], day: date, rng: Random) -> list[Pension]:
    """Return the pensions: of age from 65 on, a few for disability, a few of widows."""
    found: list[Pension] = []
    for person in grown:
        age, draw = person.age(day), rng.random()
        if age >= PENSION_AGE:
            since = _birthday(person, PENSION_AGE)
            contributed = draw < 0.4  # noqa: PLR2004 - four in ten paid in for fifteen years
            kind = "contributory_age" if contributed else "basic_age"
            found.append(Pension(person, kind, since, (rng.randint(182, 265) if contributed else 120) * _EURO))
        elif draw < 0.02:  # noqa: PLR2004 - two in a hundred
            found.append(Pension(person, "disability", years_before(day, rng.uniform(0.2, 8)), 100 * _EURO))
        elif person.marital_status == "widowed" and draw < 0.5:  # noqa: PLR2004 - half of them
            found.append(Pension(person, "family", years_before(day, rng.uniform(0.2, 8)), 100 * _EURO))
    return found


def _birthday(person: Person, age: int) -> date:
    born = person.birthdate
    return date(born.year + age, born.month, 28 if (born.month, born.day) == (2, 29) else born.day)
