"""What civil status holds of a kin, and how it answers with a person's entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from services.registers.sandbox.definition import NOTHING_RECORDED, Filled, Row
from services.registers.sandbox.population.name import cyrillic
from services.registers.sandbox.population.person import Entry, Marriage, ParentName, Person, years_before
from services.registers.sandbox.population.world import World

_ENTRY = ("entry_municipality", "entry_book", "entry_page", "entry_number", "entry_year")
PERSON = (
    "personal_number",
    "given_name",
    "family_name",
    "birth_family_name",
    "given_name_cyrl",
    "family_name_cyrl",
    "birthdate",
    "birth_municipality",
    "birth_place",
    "birth_country",
    "sex",
    "citizenship",
    "father",
    "father_given_name",
    "father_family_name",
    "mother",
    "mother_given_name",
    "mother_family_name",
    "mother_birth_family_name",
    "marital_status",
    "died_on",
    "residence_municipality",
    *_ENTRY,
)
MARRIAGE = ("husband", "wife", "married_on", "ended_on", "ended_by", *_ENTRY)
NAME_CHANGE = ("personal_number", "changed_on", "reason", "old_given_name", "old_family_name")

_BY_REQUEST = 0.005
_SAME = (
    "personal_number",
    "given_name",
    "family_name",
    "birth_family_name",
    "birthdate",
    "birth_municipality",
    "birth_place",
    "birth_country",
    "sex",
    "citizenship",
    "marital_status",
    "residence_municipality",
)
_WHEN_RECORDED = ("given_name_cyrl", "family_name_cyrl", "died_on")


def fill(world: World) -> Filled:
    """Return the rows of a kin, by table."""
    elsewhere = {world.afflicted.personal_number} if world.shows("addresses contradiction") else set[str]()
    return {
        "person": [person_row(person, moved=person.personal_number in elsewhere) for person in world.kin.people],
        "marriage": [marriage_row(marriage) for marriage in world.kin.marriages],
        "name_change": [*_by_marriage(world), *_by_request(world)],
    }


def person_row(person: Person, *, moved: bool = False) -> Row:
    """Return the columns of PERSON; of one who `moved`, civil status still has the municipality of birth's entry."""
    return (
        person.personal_number,
        person.given_name,
        person.family_name,
        person.birth_family_name,
        cyrillic(person.given_name) if person.cyrillic else None,
        cyrillic(person.family_name) if person.cyrillic else None,
        person.birthdate,
        person.birthplace.municipality,
        person.birthplace.place,
        person.birthplace.country,
        person.sex,
        person.citizenship,
        _number(person.father),
        person.father.given_name,
        person.father.family_name,
        _number(person.mother),
        person.mother.given_name,
        person.mother.family_name,
        person.mother.birth_family_name,
        person.marital_status,
        person.died_on,
        _elsewhere(person) if moved else person.home and person.home.municipality,
        *_entry_row(person.entry),
    )


def _elsewhere(person: Person) -> str:
    """Return a municipality in which the person does not live."""
    return "prizren" if person.home is None or person.home.municipality != "prizren" else "peje"


def _number(parent: Person | ParentName) -> str | None:
    return parent.personal_number if isinstance(parent, Person) else None


def _entry_row(entry: Entry) -> Row:
    return entry.municipality, entry.book, entry.page, entry.number, entry.year


def marriage_row(marriage: Marriage) -> Row:
    """Return the columns of MARRIAGE."""
    return (
        marriage.husband.personal_number,
        marriage.wife.personal_number,
        marriage.married_on,
        marriage.ended_on,
        marriage.ended_by,
        *_entry_row(marriage.entry),
    )


def _by_marriage(world: World) -> list[Row]:
    return [
        (wife.personal_number, marriage.married_on, "marriage", wife.given_name, wife.birth_family_name)
        for marriage in world.kin.marriages
        if (wife := marriage.wife).family_name != wife.birth_family_name
    ]


def _by_request(world: World) -> list[Row]:
    """One in two hundred had another given name before; nobody of the demonstration."""
    rng = world.chance("name changes")
    changed = [person for person in world.grown if rng.random() < _BY_REQUEST and not world.is_demo]
    return [
        (person.personal_number, years_before(world.day, rng.uniform(0, 9)), "request", "Ali", person.family_name)
        for person in changed
    ]


def entry(rows: Sequence[Mapping[str, Any]], _day: date) -> object:
    """Return a person's entry as the register words it, with father, mother and place in the books as objects."""
    if not rows:
        return NOTHING_RECORDED
    row = rows[0]
    said = {name: row[name] for name in _SAME} | {name: row[name] for name in _WHEN_RECORDED if row[name] is not None}
    said["father"] = {"given_name": row["father_given_name"], "family_name": row["father_family_name"]}
    said["mother"] = {
        "given_name": row["mother_given_name"],
        "family_name": row["mother_family_name"],
        "birth_family_name": row["mother_birth_family_name"],
    }
    said["entry"] = {name: row[f"entry_{name}"] for name in ("municipality", "book", "page", "number", "year")}
    return said
