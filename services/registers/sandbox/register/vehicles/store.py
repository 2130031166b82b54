"""The SQL of vehicles: $1 is the personal number, $2 the day; of a case how many, of an event the day."""

from __future__ import annotations

from datetime import date

import asyncpg

from services.registers.sandbox.definition import Connection, Unfit, Written
from services.registers.sandbox.register.vehicles import taken

VEHICLES = """
    SELECT plate, vin, make, model, year, fuel, engine_cc, first_registered,
        registration_valid_until, inspection_valid_until, insurance_valid_until
    FROM vehicle WHERE owner = $1 AND deregistered_on IS NULL ORDER BY plate
"""
LICENCE = """
    SELECT number, categories, issued_on, valid_until, issued_in, penalty_points,
        CASE WHEN valid_until < $2::date THEN 'expired' ELSE 'valid' END AS status
    FROM driving_licence WHERE personal_number = $1
"""

LAPSED = "SELECT owner FROM vehicle WHERE inspection_valid_until < (SELECT day FROM seeding) LIMIT $1"
NO_LICENCE = """
    SELECT owner FROM vehicle LEFT JOIN driving_licence ON personal_number = owner WHERE number IS NULL LIMIT $1
"""

INSPECTION_DUE = """
    SELECT owner AS subject, plate AS key,
        jsonb_build_object('plate', plate, 'make', make, 'model', model, 'valid_until', inspection_valid_until) AS about
    FROM vehicle WHERE inspection_valid_until = $1::date + 30 AND deregistered_on IS NULL
"""

_VEHICLE = """
    SELECT plate, owner, registration_valid_until, given_name || ' ' || family_name AS owner_name
    FROM vehicle JOIN person ON personal_number = owner
    WHERE plate = $1 AND deregistered_on IS NULL FOR UPDATE OF vehicle
"""


async def register(connection: Connection, subject: str, told: taken.Registration, _day: date) -> Written:
    """Record until when a vehicle of the person's is registered."""
    vehicle = await _of_hers(connection, subject, told.plate)
    if told.valid_until < vehicle["registration_valid_until"]:
        raise Unfit("Contradicts", "The vehicle is registered for longer than that.")
    await connection.execute(
        "UPDATE vehicle SET registration_valid_until = $2 WHERE plate = $1", vehicle["plate"], told.valid_until
    )
    return Written()


async def transfer(connection: Connection, subject: str, told: taken.Ownership, _day: date) -> Written:
    """Record that a vehicle is the person's now, when its recorded owner is who sold it."""
    vehicle = await _vehicle(connection, told.plate)
    if vehicle["owner"] == subject or not taken.is_same_name(vehicle["owner_name"], told.seller):
        raise Unfit("AnotherOwner", "The vehicle's recorded owner is not who sold it.")
    await connection.execute("UPDATE vehicle SET owner = $2 WHERE plate = $1", vehicle["plate"], subject)
    return Written(others=(vehicle["owner"],))


async def deregister(connection: Connection, subject: str, told: taken.Deregistration, day: date) -> Written:
    """Record that a vehicle of the person's is registered no more."""
    vehicle = await _of_hers(connection, subject, told.plate)
    await connection.execute("UPDATE vehicle SET deregistered_on = $2 WHERE plate = $1", vehicle["plate"], day)
    return Written()


async def _of_hers(connection: Connection, subject: str, plate: str) -> asyncpg.Record:
    vehicle = await _vehicle(connection, plate)
    if vehicle["owner"] != subject:
        raise Unfit("AnotherOwner", "The vehicle is somebody else's.")
    return vehicle


async def _vehicle(connection: Connection, plate: str) -> asyncpg.Record:
    vehicle = await connection.fetchrow(_VEHICLE, taken.plate(plate))
    if vehicle is None:
        raise Unfit("UnknownThing", "No vehicle is registered with this plate.")
    return vehicle
