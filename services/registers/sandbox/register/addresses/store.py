"""The SQL of the register of addresses: $1 is the personal number, of a case how many."""

from __future__ import annotations

from datetime import date

from services.registers.sandbox.definition import Connection, TwoRecords, Unfit, Written
from services.registers.sandbox.population.place import gazetteer
from services.registers.sandbox.register.addresses.taken import Residence
from services.registers.sandbox.writing.store import serial

ADDRESS = """
    SELECT municipality, settlement, street, number, postal_code, since, confirmed_on
    FROM residence JOIN dwelling ON dwelling.id = residence.dwelling
    WHERE personal_number = $1 ORDER BY since
"""
HOUSEHOLD = """
    SELECT DISTINCT person.personal_number, given_name, family_name, birthdate, other.since
    FROM residence AS own
    JOIN residence AS other USING (dwelling)
    JOIN person ON person.personal_number = other.personal_number
    WHERE own.personal_number = $1 AND died_on IS NULL
    ORDER BY birthdate
"""

NO_ADDRESS = """
    SELECT personal_number FROM person LEFT JOIN residence USING (personal_number)
    WHERE dwelling IS NULL AND died_on IS NULL LIMIT $1
"""
STALE = """
    SELECT personal_number FROM residence
    WHERE confirmed_on < (SELECT day FROM seeding) - interval '8 years' LIMIT $1
"""
TWO_RECORDS = "SELECT personal_number FROM residence GROUP BY personal_number HAVING count(*) > 1 LIMIT $1"
CONTRADICTION = """
    SELECT personal_number FROM person JOIN residence USING (personal_number) JOIN dwelling ON id = dwelling
    WHERE residence_municipality <> municipality LIMIT $1
"""


async def move(connection: Connection, subject: str, told: Residence, day: date) -> Written:
    """Record where a person lives now, with the municipality in civil status, which the same agency keeps."""
    place = gazetteer().municipalities.get(told.municipality)
    before = await connection.fetch("SELECT since FROM residence WHERE personal_number = $1 FOR UPDATE", subject)
    if len(before) > 1:
        raise TwoRecords
    if place is None or told.since > day or (before and told.since < before[0]["since"]):
        raise Unfit("Contradicts", "The place is none, or the day lies before that of the recorded residence or ahead.")
    dwelling = await _dwelling(connection, told, place.postal_code)
    await connection.execute("DELETE FROM residence WHERE personal_number = $1", subject)
    await connection.execute("INSERT INTO residence VALUES ($1, $2, $3, $4)", subject, dwelling, told.since, day)
    await connection.execute(
        "UPDATE person SET residence_municipality = $2 WHERE personal_number = $1", subject, told.municipality
    )
    return Written()


async def _dwelling(connection: Connection, told: Residence, postal_code: str) -> int:
    """Return the home at an address, the one that is known or a new one."""
    where = (told.municipality, told.settlement, *told.house())
    known = await connection.fetchval(
        "SELECT min(id) FROM dwelling WHERE (municipality, settlement, street, number) = ($1, $2, $3, $4)", *where
    )
    if known is not None:
        return known
    new = -await serial(connection)
    await connection.execute("INSERT INTO dwelling VALUES ($1, $2, $3, $4, $5, $6)", new, *where, postal_code)
    return new
