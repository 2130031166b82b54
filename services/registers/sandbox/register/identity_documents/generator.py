"""What the register of identity documents holds of a kin."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from random import Random

from services.registers.sandbox.definition import Filled, Row
from services.registers.sandbox.population.number import document_number
from services.registers.sandbox.population.person import ADULT, Person
from services.registers.sandbox.population.world import World

DOCUMENT = ("number", "personal_number", "kind", "issued_on", "valid_until", "issued_in", "status")

_FROM_AGE = 16
_YEARS = 10  # of a grown person's document; half for a minor's
_CARD, _PASSPORT, _LOST = 0.96, 0.6, 0.01
_SERIALS = 128  # documents that a kin may have


def fill(world: World) -> Filled:
    """Return the rows of a kin, by table."""
    serials = count(world.index * _SERIALS)
    rows = _of_the_story(world, serials) if world.is_demo else list[Row]()
    told = {row[1] for row in rows}
    rng = world.chance("identity documents")
    for person in world.living:
        if person.personal_number not in told:
            rows += _by_chance(person, world.day, rng, serials)
    return {"identity_document": rows}


def _by_chance(person: Person, day: date, rng: Random, serials: Iterator[int]) -> Iterator[Row]:
    if person.age(day) >= _FROM_AGE and rng.random() < _CARD:
        yield from _documents(person, "identity_card", day, rng, serials)
    if rng.random() < _PASSPORT:
        yield from _documents(person, "passport", day, rng, serials)


def _documents(person: Person, kind: str, day: date, rng: Random, serials: Iterator[int]) -> Iterator[Row]:
    """Yield the present document; for one in a hundred, before it one that was lost."""
    days = 366 * (_YEARS if person.age(day) >= ADULT else _YEARS // 2)
    age = min(rng.randint(0, int(days * 1.04)), (day - person.birthdate).days)  # four in a hundred have run out
    issued = day - timedelta(days=age)
    if rng.random() < _LOST and (issued - person.birthdate).days > 366 * _FROM_AGE:
        before = issued - timedelta(days=rng.randint(30, 300))
        yield _row(person, kind, before, before + timedelta(days=days - 1), next(serials), lost=True)
    yield _row(person, kind, issued, issued + timedelta(days=days - 1), next(serials))


def _of_the_story(world: World, serials: Iterator[int]) -> list[Row]:
    people = {member.id: person for member, person in zip(world.story.people, world.kin.people, strict=True)}
    return [
        _row(
            people[card.holder],
            card.kind,
            world.day + timedelta(days=card.valid - 366 * _YEARS + 1),
            world.day + timedelta(days=card.valid),
            next(serials),
        )
        for card in world.story.documents
    ]


def _row(person: Person, kind: str, issued: date, valid_until: date, serial: int, *, lost: bool = False) -> Row:
    place = person.home.municipality if person.home else person.entry.municipality
    number = document_number("P" if kind == "passport" else "K", serial)
    return number, person.personal_number, kind, issued, valid_until, place, "lost" if lost else "valid"
