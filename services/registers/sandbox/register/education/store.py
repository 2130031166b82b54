"""The SQL of education: $1 is the personal number; of a case, how many."""

from __future__ import annotations

ENROLMENT = """
    SELECT school_year, level, grade, school, municipality FROM enrolment WHERE personal_number = $1 ORDER BY school
"""
DIPLOMAS = """
    SELECT number, level, field, institution, awarded_on FROM diploma WHERE personal_number = $1 ORDER BY awarded_on
"""

NOT_ENROLLED = """
    SELECT personal_number FROM person LEFT JOIN enrolment USING (personal_number)
    WHERE school IS NULL AND died_on IS NULL
      AND birthdate BETWEEN (SELECT day FROM seeding) - interval '14 years'
                        AND (SELECT day FROM seeding) - interval '7 years'
    LIMIT $1
"""
STUDENT = "SELECT personal_number FROM enrolment WHERE level = 'university' LIMIT $1"
TWO_SCHOOLS = "SELECT personal_number FROM enrolment GROUP BY personal_number HAVING count(*) > 1 LIMIT $1"
