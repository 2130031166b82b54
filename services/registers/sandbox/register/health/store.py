"""The SQL of health: $1 is the personal number, $2 the day; of a case, how many."""

from __future__ import annotations

INSURANCE = """
    SELECT number, category, since, valid_until,
        CASE WHEN valid_until < $2::date THEN 'lapsed' ELSE 'insured' END AS status
    FROM insured WHERE personal_number = $1 ORDER BY since
"""
BIRTHS = """
    SELECT number, child, hospital, municipality, born_on, weight_g FROM birth_notice
    WHERE mother = $1 ORDER BY born_on
"""

TWO_RECORDS = "SELECT personal_number FROM insured GROUP BY personal_number HAVING count(*) > 1 LIMIT $1"
UNINSURED = """
    SELECT personal_number FROM person LEFT JOIN insured USING (personal_number)
    WHERE number IS NULL AND died_on IS NULL LIMIT $1
"""
RECENT_BIRTH = "SELECT mother FROM birth_notice WHERE born_on > (SELECT day FROM seeding) - interval '1 year' LIMIT $1"
