"""What the register of vehicles holds of a kin."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from random import Random

from services.registers.sandbox.definition import Filled, Row
from services.registers.sandbox.population.number import document_number
from services.registers.sandbox.population.person import ADULT, Person, Vehicle
from services.registers.sandbox.population.world import World

VEHICLE = (
    "plate",
    "vin",
    "owner",
    "make",
    "model",
    "year",
    "fuel",
    "engine_cc",
    "first_registered",
    "registration_valid_until",
    "inspection_valid_until",
    "insurance_valid_until",
)
LICENCE = ("number", "personal_number", "categories", "issued_on", "valid_until", "issued_in", "penalty_points")

_SERIALS = 64
_MEN, _WOMEN, _OWNERS = 0.75, 0.5, 0.98
_DAYS = 3652  # a licence is valid for ten years


def fill(world: World) -> Filled:
    """Return the rows of a kin, by table."""
    rng, serials = world.chance("licences"), count(world.index * _SERIALS)
    owners = {id(vehicle.owner) for vehicle in world.kin.vehicles}
    licences: list[Row] = []
    for person in world.grown:
        share = _OWNERS if id(person) in owners else _MEN if person.sex == "male" else _WOMEN
        if rng.random() < share or (world.is_demo and id(person) in owners):
            licences.append(_licence(person, world.day, rng, next(serials)))
    return {"vehicle": [vehicle_row(vehicle) for vehicle in world.kin.vehicles], "driving_licence": licences}


def vehicle_row(vehicle: Vehicle) -> Row:
    """Return the columns of VEHICLE."""
    return (
        vehicle.plate,
        vehicle.vin,
        vehicle.owner.personal_number,
        vehicle.make,
        vehicle.model,
        vehicle.year,
        vehicle.fuel,
        vehicle.engine_cc,
        vehicle.first_registered,
        vehicle.registration_valid_until,
        vehicle.inspection_valid_until,
        vehicle.insurance_valid_until,
    )


def _licence(person: Person, day: date, rng: Random, serial: int) -> Row:
    """Return a licence: car, some motorcycles, some lorries; three in a hundred have run out."""
    driving = min((day - person.birthdate).days - 366 * ADULT, 12_000)
    issued = day - timedelta(days=min(rng.randint(0, int(_DAYS * 1.03)), max(driving, 0)))
    categories = ["B", *rng.choices(([], ["A"], ["C"], ["C", "CE"]), weights=(80, 10, 6, 4))[0]]
    place = person.home.municipality if person.home else person.entry.municipality
    points = rng.choices((0, 1, 2, 4, 6), weights=(86, 6, 4, 3, 1))[0]
    return (
        document_number("D", serial),
        person.personal_number,
        sorted(categories),
        issued,
        issued + timedelta(days=_DAYS),
        place,
        points,
    )
