"""What the cadastre holds of a kin."""

from __future__ import annotations

from services.registers.sandbox.definition import Filled, Row
from services.registers.sandbox.population.estate import Parcel
from services.registers.sandbox.population.person import Person
from services.registers.sandbox.population.world import World

PARCEL = (
    "number",
    "municipality",
    "settlement",
    "land_use",
    "area_m2",
    "building_m2",
    "acquired_on",
    "acquired_by",
    "mortgaged",
    "value_cents",
)
OWNERSHIP = ("parcel", "personal_number", "share_percent")

_NOT_TRANSFERRED = 0.3


def fill(world: World) -> Filled:
    """Return the rows of a kin, by table. What the dead owned is often never written to their heirs."""
    rng = world.chance("cadastre")
    ownerships: list[Row] = []
    for parcel in world.parcels:
        late = rng.random() < _NOT_TRANSFERRED and not world.is_demo
        ownerships += [
            (parcel.number, ((late and _late_spouse(world, person)) or person).personal_number, share)
            for person, share in parcel.owners
        ]
    return {"parcel": [_parcel(parcel) for parcel in world.parcels], "ownership": ownerships}


def _late_spouse(world: World, person: Person) -> Person | None:
    """Return the husband or wife whom the person has buried."""
    for marriage in world.kin.marriages:
        if marriage.ended_by == "death" and person in (marriage.husband, marriage.wife):
            spouse = marriage.wife if person is marriage.husband else marriage.husband
            return spouse if spouse.died_on else None
    return None


def _parcel(parcel: Parcel) -> Row:
    return (
        parcel.number,
        parcel.municipality,
        parcel.settlement,
        parcel.use,
        parcel.area_m2,
        parcel.building_m2,
        parcel.acquired_on,
        parcel.acquired_by,
        parcel.mortgaged,
        parcel.value_cents,
    )
