"""What the register of addresses holds of a kin."""

from __future__ import annotations

from random import Random

from services.registers.sandbox.definition import Filled, Row
from services.registers.sandbox.population.kin import SERIALS
from services.registers.sandbox.population.person import Dwelling, Person, years_before
from services.registers.sandbox.population.place import gazetteer
from services.registers.sandbox.population.world import World

DWELLING = ("id", "municipality", "settlement", "street", "number", "postal_code")
RESIDENCE = ("personal_number", "dwelling", "since", "confirmed_on")

_STALE = 0.05


def fill(world: World) -> Filled:
    """Return the rows of a kin, by table."""
    rng = world.chance("addresses")
    residences = [row for person in world.kin.people if (row := residence_row(person, world, rng))]
    elsewhere = _elsewhere(world) if world.shows("addresses two_records") else []
    return {
        "dwelling": [dwelling_row(dwelling) for dwelling in (*world.kin.dwellings, *elsewhere)],
        "residence": [*residences, *(_second(world, dwelling) for dwelling in elsewhere)],
    }


def dwelling_row(dwelling: Dwelling) -> Row:
    """Return the columns of DWELLING."""
    return (
        dwelling.serial,
        dwelling.municipality,
        dwelling.settlement,
        dwelling.street,
        dwelling.number,
        dwelling.postal_code,
    )


def residence_row(person: Person, world: World, rng: Random) -> Row | None:
    """Return the columns of RESIDENCE, or None without an address. One in twenty was not confirmed for years."""
    if person.home is None or person.home_since is None:
        return None
    stale = rng.random() < _STALE and not world.is_demo
    confirmed = years_before(world.day, rng.uniform(8.1, 15) if stale else rng.uniform(0, 3))
    return person.personal_number, person.home.serial, person.home_since, max(confirmed, person.home_since)


def _elsewhere(world: World) -> list[Dwelling]:
    """Return a home from which someone moved, though the register never closed the record of it."""
    serial = (world.index + 1) * SERIALS - 1
    return [gazetteer().dwelling(world.chance("former home"), serial, world.kin.dwellings[0].municipality)]


def _second(world: World, former: Dwelling) -> Row:
    person = world.afflicted
    return person.personal_number, former.serial, person.birthdate, world.day
