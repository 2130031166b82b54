"""The SQL of civil status: $1 is the personal number, $2 the day in Kosovo.

Of a case, $1 is how many; of an event, the day.
"""

from __future__ import annotations

from datetime import date

from services.registers.sandbox.definition import Connection, Unfit, Written
from services.registers.sandbox.population.name import cyrillic
from services.registers.sandbox.register.civil_status.taken import Name

PERSON = "SELECT * FROM person WHERE personal_number = $1"

CHILDREN = """
    SELECT child.personal_number, child.given_name, child.family_name, child.birthdate, child.sex FROM person child
    WHERE $1 IN (child.father, child.mother) AND child.died_on IS NULL
      AND child.birthdate > ($2::date - interval '18 years')::date
    ORDER BY child.birthdate
"""
PARENTS = """
    SELECT parent.personal_number, parent.given_name, parent.family_name, parent.birthdate, parent.sex
    FROM person child JOIN person parent ON parent.personal_number IN (child.father, child.mother)
    WHERE child.personal_number = $1 AND parent.died_on IS NULL
    ORDER BY parent.sex
"""
FAMILY = """
    SELECT kin.relation, one.personal_number, one.given_name, one.family_name, one.birthdate, one.sex, one.died_on
    FROM (
        SELECT 1 AS place, 'spouse' AS relation, CASE husband WHEN $1 THEN wife ELSE husband END AS personal_number
        FROM marriage WHERE $1 IN (husband, wife) AND ended_on IS NULL
        UNION ALL
        SELECT 2, 'child', personal_number FROM person WHERE father = $1
        UNION ALL
        SELECT 2, 'child', personal_number FROM person WHERE mother = $1
        UNION ALL
        SELECT 3, 'mother', mother FROM person WHERE personal_number = $1
        UNION ALL
        SELECT 4, 'father', father FROM person WHERE personal_number = $1
    ) AS kin JOIN person AS one USING (personal_number)
    ORDER BY kin.place, one.birthdate
"""
MARRIAGES = """
    SELECT married_on, ended_on, ended_by, spouse.personal_number, spouse.given_name, spouse.family_name,
        marriage.entry_municipality, marriage.entry_book, marriage.entry_page, marriage.entry_number,
        marriage.entry_year
    FROM marriage JOIN person AS spouse
        ON spouse.personal_number = CASE husband WHEN $1 THEN wife ELSE husband END
    WHERE $1 IN (husband, wife)
    ORDER BY married_on
"""
NAMES = """
    SELECT changed_on, reason, old_given_name, old_family_name FROM name_change
    WHERE personal_number = $1 ORDER BY changed_on
"""

BOTH_SCRIPTS = "SELECT personal_number FROM person WHERE given_name_cyrl IS NOT NULL AND died_on IS NULL LIMIT $1"
MINOR = """
    SELECT personal_number FROM person
    WHERE birthdate > (SELECT day FROM seeding) - interval '18 years' AND died_on IS NULL LIMIT $1
"""
DECEASED = "SELECT personal_number FROM person WHERE died_on IS NOT NULL LIMIT $1"
NAME_CHANGED = "SELECT personal_number FROM name_change WHERE reason = 'request' LIMIT $1"
BORN_ABROAD = "SELECT personal_number FROM person WHERE birth_country <> 'XK' AND died_on IS NULL LIMIT $1"

BIRTH = """
    SELECT parent.personal_number AS subject, child.personal_number AS key,
        jsonb_build_object('child', child.personal_number, 'given_name', child.given_name, 'born_on', child.birthdate)
            AS about
    FROM person child JOIN person parent ON parent.personal_number IN (child.father, child.mother)
    WHERE child.birthdate = $1 AND parent.died_on IS NULL
"""
# Told to herself, and to each parent: she is a minor for two years yet.
SIXTEEN = """
    SELECT personal_number AS subject, '' AS key, jsonb_build_object('birthdate', birthdate) AS about FROM person
    WHERE birthdate > ($1::date - 1 - interval '16 years') AND birthdate <= ($1::date - interval '16 years')
      AND died_on IS NULL
    UNION ALL
    SELECT parent.personal_number, child.personal_number,
        jsonb_build_object('birthdate', child.birthdate, 'child', child.personal_number, 'given_name', child.given_name)
    FROM person child JOIN person parent ON parent.personal_number IN (child.father, child.mother)
    WHERE child.birthdate > ($1::date - 1 - interval '16 years')
      AND child.birthdate <= ($1::date - interval '16 years')
      AND child.died_on IS NULL AND parent.died_on IS NULL
"""
SIXTY_FIVE = """
    SELECT personal_number AS subject, '' AS key, jsonb_build_object('birthdate', birthdate) AS about FROM person
    WHERE birthdate > ($1::date - 1 - interval '65 years') AND birthdate <= ($1::date - interval '65 years')
      AND died_on IS NULL
"""


async def rename(connection: Connection, subject: str, told: Name, day: date) -> Written:
    """Record a person's new name, and the one that she bore; who bears both scripts gets the new one in both."""
    bore = await connection.fetchrow(
        """
        SELECT given_name, family_name, died_on IS NOT NULL AS is_dead, given_name_cyrl IS NOT NULL AS in_both, EXISTS (
            SELECT FROM name_change WHERE personal_number = $1 AND changed_on = $2 AND reason = 'request'
        ) AS is_changed FROM person WHERE personal_number = $1 FOR UPDATE
        """,
        subject,
        day,
    )
    if bore is None or bore["is_dead"] or bore["is_changed"]:
        raise Unfit("Contradicts", "The person is dead, or her name was changed today already.")
    await connection.execute(
        "INSERT INTO name_change VALUES ($1, $2, 'request', $3, $4)",
        subject,
        day,
        bore["given_name"],
        bore["family_name"],
    )
    await connection.execute(
        """
        UPDATE person SET given_name = $2, family_name = $3, given_name_cyrl = $4, family_name_cyrl = $5
        WHERE personal_number = $1
        """,
        subject,
        told.given_name,
        told.family_name,
        *((cyrillic(told.given_name), cyrillic(told.family_name)) if bore["in_both"] else (None, None)),
    )
    return Written()
