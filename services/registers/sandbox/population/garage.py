"""Vehicles of the invented people: makes that one meets in Kosovo, plates by region, some papers lapsed."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random

import msgspec
import yaml

from services.registers.sandbox.population.number import vin
from services.registers.sandbox.population.person import ADULT, Dwelling, Person, Vehicle, years_before
from services.registers.sandbox.population.place import gazetteer
from services.registers.sandbox.population.registrar import Registrar

_TOO_OLD_TO_DRIVE = 80
_NEW_ENOUGH = 24


class Make(msgspec.Struct, frozen=True):
    """A maker, its three characters in a chassis number, its models and engines (fuel, cm³)."""

    make: str
    wmi: str
    weight: int
    models: tuple[str, ...]
    engines: tuple[tuple[str, int], ...]


@cache
def makes() -> tuple[Make, ...]:
    """Return the makes of vehicles.yaml."""
    text = Path(__file__).with_name("vehicles.yaml").read_text()
    return msgspec.convert(yaml.safe_load(text), tuple[Make, ...])


def vehicles_of(person: Person, day: date, rng: Random, registrar: Registrar) -> list[Vehicle]:
    """Return the vehicles that a grown person with a home owns on `day`: none, one or two."""
    home = person.home
    owns = rng.random() < (0.5 if person.sex == "male" else 0.18)
    if home is None or not owns or not ADULT <= person.age(day) < _TOO_OLD_TO_DRIVE:
        return []
    many = 2 if rng.random() < 0.12 else 1  # noqa: PLR2004 - one owner in eight
    return [_vehicle(person, home, day, rng, registrar) for _ in range(many)]


def _vehicle(owner: Person, home: Dwelling, day: date, rng: Random, registrar: Registrar) -> Vehicle:
    make = rng.choices(makes(), weights=[make.weight for make in makes()])[0]
    fuel, engine_cc = rng.choice(make.engines)
    driving_since = owner.birthdate.year + ADULT
    year = max(day.year - int(_NEW_ENOUGH * rng.random() ** 0.7), 1998)
    bought = max(year + rng.randint(0, 6), driving_since)
    plate, serial = registrar.plate(region_of(home))
    # Registration, insurance and inspection are renewed together each year; some owners are late with one.
    renewed_until = day + timedelta(days=rng.randint(1, 364))
    return Vehicle(
        plate=plate,
        vin=vin(make.wmi, year, region_of(home), serial),
        owner=owner,
        make=make.make,
        model=rng.choice(make.models),
        year=year,
        fuel=fuel,
        engine_cc=engine_cc,
        first_registered=min(date(bought, rng.randint(1, 12), rng.randint(1, 28)), years_before(day, 0.1)),
        registration_valid_until=_perhaps_lapsed(renewed_until, day, rng, 0.10),
        inspection_valid_until=_perhaps_lapsed(renewed_until - timedelta(days=rng.randint(0, 20)), day, rng, 0.08),
        insurance_valid_until=_perhaps_lapsed(renewed_until, day, rng, 0.06),
    )


def region_of(home: Dwelling) -> str:
    """Return the two digits that plates of this home's region begin with."""
    return gazetteer().municipalities[home.municipality].plate


def _perhaps_lapsed(valid_until: date, day: date, rng: Random, share: float) -> date:
    late, by = rng.random() < share, timedelta(days=rng.randint(1, 300))
    return day - by if late else valid_until
