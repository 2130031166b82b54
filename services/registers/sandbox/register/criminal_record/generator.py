"""What the criminal record holds of a kin, and how it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from services.registers.sandbox.definition import Filled, Row
from services.registers.sandbox.population.person import Person, years_before
from services.registers.sandbox.population.world import World

CONVICTION = (
    "case_number",
    "personal_number",
    "convicted_as",
    "court",
    "offence",
    "decided_on",
    "sentence",
    "months",
    "deleted_on",
)

_CONVICTED = 0.015
_COURTS = ("prishtine", "prizren", "peje", "gjilan", "mitrovice-jug", "gjakove", "ferizaj")
_OFFENCES = ("theft", "fraud", "endangering_traffic", "light_bodily_injury", "forgery", "tax_evasion")
_DELETED_AFTER = 3 * 366  # days after a fine or a suspended sentence
_SERIALS = 64


def fill(world: World) -> Filled:
    """Return the rows of a kin, by table; now and then a conviction stands under another person's number."""
    rng = world.chance("convictions")
    rows: list[Row] = []
    for person in world.grown:
        if rng.random() < _CONVICTED and not world.is_demo and person.age(world.day) > 20:  # noqa: PLR2004
            name = f"{person.given_name} {person.family_name}"
            rows.append(_row(world, len(rows), person, name, rng))
    if world.shows("criminal-record two_records"):
        rows.append(_row(world, len(rows), world.afflicted, f"Zef {world.afflicted.family_name}", rng))
    return {"conviction": rows}


def _row(world: World, place: int, person: Person, name: str, rng: Random) -> Row:
    decided = years_before(world.day, rng.uniform(0.1, 6))
    sentence = rng.choices(("fine", "suspended", "imprisonment"), weights=(5, 4, 2))[0]
    return (
        f"PKR.nr.{world.index * _SERIALS + place}/{decided.year}",
        person.personal_number,
        name,
        rng.choice(_COURTS),
        rng.choice(_OFFENCES),
        decided,
        sentence,
        0 if sentence == "fine" else rng.randint(3, 24),
        None if sentence == "imprisonment" else decided + timedelta(days=_DELETED_AFTER),
    )


def record(rows: Sequence[Mapping[str, Any]], day: date) -> object:
    """Return whether the person is convicted, and each conviction that stands on record on `day`."""
    return {"convicted": bool(rows), "as_of": day, "convictions": [dict(row) for row in rows]}
