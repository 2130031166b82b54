"""The SQL of businesses: $1 is the personal number, $2 the day, $3 the represented party's code.

Of a case, $1 is how many; of an event, the day.
"""

from __future__ import annotations

from datetime import date

from services.registers.sandbox.definition import Connection, Unfit, Written
from services.registers.sandbox.population.firm import activity_names
from services.registers.sandbox.population.number import business_number
from services.registers.sandbox.population.place import gazetteer
from services.registers.sandbox.register.businesses.taken import Closing, Founding
from services.registers.sandbox.writing.store import serial

# Of a business and one of its members: whether she acts for it on the day, a company's as its director or
# representative, a sole trader for himself.
ACTS = "(until IS NULL OR until > $2::date) AND (role IN ('director', 'representative') OR form = 'individual')"

# One row a business: what the person is in it first of all (what lasts before what ended, an office before a share),
# how much of it is hers, and whether she may act for it.
BUSINESSES = f"""
    SELECT number, name, form, activity, registered_on, closed_on, vat, municipality, settlement, street,
        house_number, postal_code,
        (array_agg(role ORDER BY until <= $2::date NULLS FIRST, role = 'owner', role))[1] AS role,
        max(share_percent) AS share_percent, coalesce(bool_or({ACTS}), false) AS represents,
        coalesce(bool_or({ACTS} AND alone), false) AS alone, min(since) AS since, max(until) AS until
    FROM business_member JOIN business ON number = business
    WHERE personal_number = $1 GROUP BY number ORDER BY registered_on, number
"""  # noqa: S608 - a constant
# Whom the person may represent today.
REPRESENTEES = f"""
    SELECT number, name, form, role, alone, since FROM business_member JOIN business ON number = business
    WHERE personal_number = $1 AND closed_on IS NULL AND {ACTS}
    ORDER BY since, number
"""  # noqa: S608 - a constant
# About the represented party of the request, and only to who may represent it: with all who may, and its owners.
BUSINESS = f"""
    SELECT number, name, form, activity, registered_on, closed_on, vat, municipality, settlement, street,
        house_number, postal_code,
        (
            SELECT coalesce(jsonb_agg(owner), '[]') FROM (
                SELECT given_name, family_name, share_percent
                FROM business_member JOIN person USING (personal_number)
                WHERE business = number AND role = 'owner' AND (until IS NULL OR until > $2::date)
                ORDER BY share_percent DESC, personal_number
            ) AS owner
        ) AS owners,
        (
            SELECT jsonb_agg(acting) FROM (
                SELECT personal_number, given_name, family_name, min(role) AS role, bool_or(alone) AS alone
                FROM business_member JOIN person USING (personal_number)
                WHERE business = number AND died_on IS NULL AND {ACTS}
                GROUP BY personal_number, given_name, family_name ORDER BY min(since), personal_number
            ) AS acting
        ) AS representatives
    FROM business WHERE number = $3 AND EXISTS (
        SELECT FROM business_member WHERE business = number AND personal_number = $1 AND {ACTS}
    )
"""  # noqa: S608 - a constant

ALONE = "SELECT DISTINCT personal_number FROM business_member WHERE role = 'director' AND alone LIMIT $1"
JOINTLY = "SELECT DISTINCT personal_number FROM business_member WHERE role = 'director' AND NOT alone LIMIT $1"
CLOSED = """
    SELECT DISTINCT personal_number FROM business_member JOIN business ON number = business
    WHERE closed_on IS NOT NULL LIMIT $1
"""

REGISTERED = """
    SELECT DISTINCT personal_number AS subject, number AS key,
        jsonb_build_object('number', number, 'name', name, 'registered_on', registered_on) AS about
    FROM business JOIN business_member ON business = number WHERE registered_on = $1
"""


async def found(connection: Connection, subject: str, told: Founding, day: date) -> Written:
    """Record a new business in the person's own name; return its number."""
    place = gazetteer().municipalities.get(told.municipality)
    if place is None or told.activity not in activity_names():
        raise Unfit("Contradicts", "The place or the activity is none.")
    if await connection.fetchval("SELECT true FROM business WHERE lower(name) = lower($1)", told.name):
        raise Unfit("NameTaken", "A business of this name is registered.")
    number = business_number(await serial(connection))
    await connection.execute(
        """
        INSERT INTO business (number, name, form, activity, registered_on, vat, municipality, settlement, street,
            house_number, postal_code)
        VALUES ($1, $2, 'individual', $3, $4, false, $5, $6, $7, '–', $8)
        """,
        number,
        told.name,
        told.activity,
        day,
        told.municipality,
        told.settlement,
        told.street,
        place.postal_code,
    )
    await connection.execute(
        "INSERT INTO business_member VALUES ($1, $2, 'owner', 100, true, $3, NULL)", number, subject, day
    )
    return Written(number)


async def close(connection: Connection, subject: str, told: Closing, day: date) -> Written:
    """Record that a business closes, when the person acts for it; whoever is in it is so until then."""
    closes = await connection.fetchval(
        f"""
        UPDATE business SET closed_on = $4 WHERE number = $3 AND closed_on IS NULL AND registered_on <= $4
            AND EXISTS (SELECT FROM business_member WHERE business = number AND personal_number = $1 AND {ACTS})
        RETURNING number
        """,  # noqa: S608 - a constant
        subject,
        day,
        told.number,
        told.closed_on,
    )
    if closes is None:
        raise Unfit("Contradicts", "The business is closed, unknown, or the person does not act for it.")
    others = await connection.fetch(
        """
        UPDATE business_member SET until = $2 WHERE business = $1 AND (until IS NULL OR until > $2)
        RETURNING personal_number
        """,
        told.number,
        told.closed_on,
    )
    return Written(told.number, tuple(row["personal_number"] for row in others))
