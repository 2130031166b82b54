"""What the health information system holds of a kin: insurance, and births reported by hospitals in five years."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from services.registers.sandbox.definition import Filled, Row
from services.registers.sandbox.population.number import document_number
from services.registers.sandbox.population.person import ADULT, Person, years_before
from services.registers.sandbox.population.work import PENSION_AGE
from services.registers.sandbox.population.world import World

INSURED = ("number", "personal_number", "category", "since", "valid_until")
BIRTH = ("number", "mother", "child", "hospital", "municipality", "born_on", "weight_g")

_REPORTED = 5  # years for which hospitals have reported births
_LAPSED, _OTHERS = 0.03, 0.55
_SERIALS = 128


def fill(world: World) -> Filled:
    """Return the rows of a kin, by table."""
    rng = world.chance("health")
    working = {id(job.person) for job in world.jobs if job.until is None}
    rows: list[Row] = []
    for place, person in enumerate(world.living):
        category = _category(person, world.day, working=id(person) in working)
        if category != "other" or rng.random() < _OTHERS or world.is_demo:
            number = document_number("S", world.index * _SERIALS + place)
            rows.append(_insured(number, person, category, world, rng))
    if world.shows("health two_records"):
        rows = [row for row in rows if row[1] != world.afflicted.personal_number]
        last = (world.index + 1) * _SERIALS - 1
        numbers = (document_number("S", serial) for serial in (last - 1, last))
        rows += [_insured(number, world.afflicted, "other", world, rng) for number in numbers]
    return {"insured": rows, "birth_notice": list(_births(world, rng))}


def _category(person: Person, day: date, *, working: bool) -> str:
    age = person.age(day)
    if age < ADULT:
        return "child"
    if age >= PENSION_AGE:
        return "pensioner"
    return "employee" if working else "other"


def _insured(number: str, person: Person, category: str, world: World, rng: Random) -> Row:
    """Return a record of insurance; that of three in a hundred has lapsed."""
    since = max(person.birthdate, years_before(world.day, rng.uniform(1.1, 6)))
    left = rng.randint(-300, -1) if rng.random() < _LAPSED and not world.is_demo else rng.randint(1, 700)
    return number, person.personal_number, category, since, max(since, world.day + timedelta(days=left))


def _births(world: World, rng: Random) -> list[Row]:
    since = years_before(world.day, _REPORTED)
    return [
        (
            f"L-{child.personal_number}",
            child.mother.personal_number,
            child.personal_number,
            "Klinika e Demonstrimit",
            child.birthplace.municipality,
            child.birthdate,
            rng.randint(2300, 4300),
        )
        for child in world.kin.people
        if child.birthdate > since and isinstance(child.mother, Person) and child.birthplace.municipality
    ]
