"""The SQL of the register of addresses: $1 is the personal number, of a case how many."""

from __future__ import annotations

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
