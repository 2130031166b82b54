"""Land and buildings of the invented people, by parcels of the cadastre."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Literal

from services.registers.sandbox.population.demo import Story
from services.registers.sandbox.population.number import parcel_number
from services.registers.sandbox.population.person import Dwelling, Kin, Person, years_before
from services.registers.sandbox.population.place import gazetteer

Use = Literal["house", "flat", "field", "business"]
_SERIALS = 64  # parcels that a kin may own
_HOMES, _FIELDS = 0.62, 0.3
_AREAS: dict[Use, tuple[int, int]] = {"flat": (55, 130), "house": (300, 900), "field": (900, 9000)}
_EURO = 100  # cents
_APART = 5000  # days, at most, between husband and wife


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel, what stands on it, and who owns which part of it since when; its value is for the property tax."""

    number: str
    municipality: str
    settlement: str
    use: Use
    area_m2: int
    building_m2: int | None
    owners: Sequence[tuple[Person, int]]  # each with a share in percent
    acquired_on: date
    acquired_by: Literal["purchase", "inheritance", "privatisation"]
    mortgaged: bool
    value_cents: int


def parcels(index: int, grown: Sequence[Person], day: date, rng: Random) -> list[Parcel]:
    """Return the parcels of a kin: most homes belong to who lives there, some families have a field too."""
    found: list[Parcel] = []
    seen: set[int] = set()
    for person in grown:
        home = person.home
        if home is None or home.serial in seen:
            continue
        seen.add(home.serial)
        owners = _owners(person, [one for one in grown if one.home is home], rng)
        for share, is_home in ((_HOMES, True), (_FIELDS, False)):
            if rng.random() < share:
                found.append(_parcel(index * _SERIALS + len(found), home, owners, day, rng, is_home=is_home))
    return found


def of_the_story(kin: Kin, day: date, story: Story) -> list[Parcel]:
    """Return the parcels of the demonstration's people that are not left to chance; theirs are the last serials."""
    homes = {name: kin.dwellings[place] for place, name in enumerate(story.homes)}
    people = {member.id: person for member, person in zip(story.people, kin.people, strict=True)}
    return [
        Parcel(
            number=parcel_number(_zone(homes[told.home]), _SERIALS - 1 - place),
            municipality=homes[told.home].municipality,
            settlement=homes[told.home].settlement,
            use=told.use,
            area_m2=told.area_m2,
            building_m2=told.building_m2,
            owners=[(people[one.person], one.percent) for one in told.owners],
            acquired_on=years_before(day, told.years),
            acquired_by="purchase",
            mortgaged=False,
            value_cents=told.value_cents,
        )
        for place, told in enumerate(story.lands)
    ]


def _owners(person: Person, here: Sequence[Person], rng: Random) -> list[tuple[Person, int]]:
    """Married couples often own together since the law of 2006; else the eldest man is written down, as of old."""
    spouse = next((one for one in here if one.sex != person.sex and _of_an_age(one, person)), None)
    if spouse is not None and rng.random() < 0.3:  # noqa: PLR2004 - three in ten
        return [(person, 50), (spouse, 50)]
    eldest = min((one for one in here if one.sex == "male"), key=lambda one: one.birthdate, default=person)
    return [(eldest, 100)]


def _of_an_age(one: Person, other: Person) -> bool:
    return abs((one.birthdate - other.birthdate).days) < _APART


def _parcel(
    serial: int, home: Dwelling, owners: Sequence[tuple[Person, int]], day: date, rng: Random, *, is_home: bool
) -> Parcel:
    use: Use = "field" if not is_home else "house" if rng.random() < 0.7 else "flat"  # noqa: PLR2004 - most are houses
    area = rng.randint(*_AREAS[use])
    building = area if use == "flat" else rng.randint(70, 260) if use == "house" else None
    youngest = max(person.birthdate for person, _share in owners)
    return Parcel(
        number=parcel_number(_zone(home), serial),
        municipality=home.municipality,
        settlement=home.settlement,
        use=use,
        area_m2=area,
        building_m2=building,
        owners=owners,
        acquired_on=years_before(day, rng.uniform(0, max(0.1, (day - youngest).days / 366 - 18))),
        acquired_by=rng.choices(("purchase", "inheritance", "privatisation"), weights=(5, 4, 1))[0],
        mortgaged=is_home and rng.random() < 0.08,  # noqa: PLR2004 - eight in a hundred
        value_cents=((building or 0) * rng.randint(350, 900) + (area if use == "field" else 0) * 4) * _EURO,
    )


def _zone(home: Dwelling) -> int:
    """Return the cadastral zone of a settlement."""
    return list(gazetteer().municipalities).index(home.municipality) * 1000 + len(home.settlement)
