"""What the register of education holds of a kin: this school year's enrolments, and diplomas of the grown."""

from __future__ import annotations

from datetime import date
from itertools import count
from random import Random

from services.registers.sandbox.definition import Filled, Row
from services.registers.sandbox.population.number import document_number
from services.registers.sandbox.population.person import Person
from services.registers.sandbox.population.world import World

ENROLMENT = ("personal_number", "school_year", "level", "grade", "school", "municipality")
DIPLOMA = ("number", "personal_number", "level", "field", "institution", "awarded_on")

_SEPTEMBER = 9
_SCHOOLS = ("Drita", "Naim Frashëri", "Bajram Curri", "Iliria", "Dardania")
_SERBIAN_SCHOOLS = ("Sveti Sava", "Branko Radičević", "Jovan Jovanović Zmaj")
_FIELDS = ("economics", "law", "medicine", "computing", "education", "engineering", "agriculture")
_UNIVERSITY = "Universiteti i Demonstrimit"
_ADMITTED, _GRADUATE, _SECONDARY, _MISSING, _TWICE = 0.4, 0.28, 0.85, 0.015, 0.004
_SERIALS = 128


def fill(world: World) -> Filled:
    """Return the rows of a kin, by table. Some children are in no school's books, a few in those of two."""
    rng, serials = world.chance("education"), count(world.index * _SERIALS)
    enrolments: list[Row] = []
    diplomas: list[Row] = []
    for person in world.living:
        enrolments += _enrolments(person, world, rng)
        diplomas += [(document_number("A", next(serials)), *row) for row in _diplomas(person, world.day, rng)]
    if world.is_demo:
        enrolments += _students(world)
    if world.shows("education two_records"):
        enrolments += _twice(world, rng)
    return {"enrolment": enrolments, "diploma": diplomas}


def _students(world: World) -> list[Row]:
    """Return the enrolments of the demonstration's people who study though they are older than most."""
    people = {member.id: person for member, person in zip(world.story.people, world.kin.people, strict=True)}
    begun = world.day.year - (world.day.month < _SEPTEMBER)
    return [
        (number, f"{begun}/{begun + 1}", "university", told.grade, _UNIVERSITY, municipality)
        for told in world.story.students
        for number, municipality in [(people[told.person].personal_number, people[told.person].entry.municipality)]
    ]


def _enrolments(person: Person, world: World, rng: Random) -> list[Row]:
    begun = world.day.year - (world.day.month < _SEPTEMBER)
    step = _step(begun - person.birthdate.year)
    draw = rng.random()
    if step is None or (draw < _MISSING and not world.is_demo) or (step[0] == "university" and draw > _ADMITTED):
        return []
    place = person.home.municipality if person.home else person.entry.municipality
    names = _SERBIAN_SCHOOLS if person.cyrillic else _SCHOOLS
    schools = rng.sample(names, 2 if rng.random() < _TWICE and not world.is_demo else 1)
    named = [_UNIVERSITY] if step[0] == "university" else schools
    return [(person.personal_number, f"{begun}/{begun + 1}", *step, school, place) for school in named]


def _twice(world: World, rng: Random) -> list[Row]:
    """Return the enrolments of a pupil who changed school and whom the first one kept in its books."""
    person = world.afflicted
    begun = world.day.year - (world.day.month < _SEPTEMBER)
    schools = rng.sample(("Hivzi Sylejmani", "Asim Vokshi", "Ali Sokoli"), 2)
    place = person.entry.municipality
    return [
        (person.personal_number, f"{begun}/{begun + 1}", "upper_secondary", 12, school, place) for school in schools
    ]


def _step(age: int) -> tuple[str, int] | None:
    """Return level and grade of who turns so many in the year: nine grades from six on, three more, then studies."""
    if age == 5:  # noqa: PLR2004 - the year before school
        return "preschool", 0
    for level, first, last, grade in (("primary", 6, 10, 1), ("lower_secondary", 11, 14, 6)):
        if first <= age <= last:
            return level, age - first + grade
    if 15 <= age <= 17:  # noqa: PLR2004 - grades 10 to 12
        return "upper_secondary", age - 5
    return ("university", age - 17) if 18 <= age <= 21 else None  # noqa: PLR2004 - up to the fourth year


def _diplomas(person: Person, day: date, rng: Random) -> list[Row]:
    age = person.age(day)
    draw, field = rng.random(), rng.choice(_FIELDS)
    rows: list[Row] = []
    if age >= 19 and draw < _SECONDARY:  # noqa: PLR2004 - after the twelfth grade
        school = rng.choice(_SERBIAN_SCHOOLS if person.cyrillic else _SCHOOLS)
        rows.append((person.personal_number, "upper_secondary", "general", school, _june(person, 19)))
    if age >= 24 and draw < _GRADUATE:  # noqa: PLR2004 - after four years of studies
        rows.append((person.personal_number, "bachelor", field, _UNIVERSITY, _june(person, 23)))
    return rows


def _june(person: Person, age: int) -> date:
    return date(person.birthdate.year + age, 6, 20)
