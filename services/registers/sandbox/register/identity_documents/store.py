"""The SQL of identity documents: $1 is the personal number, $2 the day; of a case how many, of an event the day."""

from __future__ import annotations

from datetime import date

from services.registers.sandbox.definition import Connection, Unfit, Written
from services.registers.sandbox.population.number import document_number
from services.registers.sandbox.register.identity_documents.taken import Order
from services.registers.sandbox.writing.store import serial

DOCUMENTS = """
    SELECT number, kind, issued_on, valid_until, issued_in,
        CASE WHEN status = 'valid' AND valid_until < $2::date THEN 'expired' ELSE status END AS status
    FROM identity_document WHERE personal_number = $1 ORDER BY kind, issued_on DESC
"""

NO_DOCUMENT = """
    SELECT personal_number FROM person LEFT JOIN identity_document USING (personal_number)
    WHERE number IS NULL AND died_on IS NULL AND birthdate <= (SELECT day FROM seeding) - interval '18 years' LIMIT $1
"""
EXPIRED = """
    SELECT personal_number FROM identity_document
    GROUP BY personal_number HAVING max(valid_until) < (SELECT day FROM seeding) LIMIT $1
"""
LOST = "SELECT personal_number FROM identity_document WHERE status = 'lost' LIMIT $1"

# Told to the holder from sixteen years on, and of a minor's document to each parent.
EXPIRING = """
    WITH expiring AS (
        SELECT document.kind, document.number, document.valid_until, holder.*
        FROM identity_document AS document JOIN person AS holder USING (personal_number)
        WHERE document.valid_until = $1::date + 60 AND document.status = 'valid' AND holder.died_on IS NULL
    )
    SELECT personal_number AS subject, number AS key,
        jsonb_build_object('kind', kind, 'number', number, 'valid_until', valid_until) AS about
    FROM expiring WHERE birthdate <= ($1::date - interval '16 years')
    UNION ALL
    SELECT parent.personal_number, number,
        jsonb_build_object('kind', kind, 'number', number, 'valid_until', valid_until,
            'child', child.personal_number, 'given_name', child.given_name)
    FROM expiring AS child JOIN person AS parent ON parent.personal_number IN (child.father, child.mother)
    WHERE child.birthdate > ($1::date - interval '18 years') AND parent.died_on IS NULL
"""


async def order(connection: Connection, subject: str, told: Order, day: date) -> Written:
    """Record that a card is being made, under its number; the one that was lost is marked so."""
    is_made = await connection.fetchval(
        "SELECT true FROM identity_document WHERE personal_number = $1 AND status = 'being_made' LIMIT 1", subject
    )
    if is_made:
        raise Unfit("Contradicts", "A card is being made for this person already.")
    if told.reason == "loss":
        await connection.execute(
            "UPDATE identity_document SET status = 'lost'"
            " WHERE personal_number = $1 AND kind = 'identity_card' AND status = 'valid'",
            subject,
        )
    number = document_number("K", await serial(connection))
    await connection.execute(
        """
        INSERT INTO identity_document
        SELECT $1, $2, 'identity_card', $3::date, ($3::date + lasting - interval '1 day')::date, $4, 'being_made'
        FROM (
            SELECT CASE WHEN birthdate <= $3::date - interval '18 years' THEN interval '10 years'
                ELSE interval '5 years' END AS lasting
            FROM person WHERE personal_number = $2
        ) AS holder
        """,
        number,
        subject,
        day,
        told.municipality,
    )
    return Written(number)
