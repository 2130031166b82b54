"""The SQL of the criminal record: $1 is the personal number, $2 the day; of a case, how many."""

from __future__ import annotations

RECORD = """
    SELECT case_number, convicted_as, court, offence, decided_on, sentence, months, deleted_on FROM conviction
    WHERE personal_number = $1 AND (deleted_on IS NULL OR deleted_on > $2::date) ORDER BY decided_on
"""

CONVICTED = """
    SELECT personal_number FROM conviction WHERE deleted_on IS NULL OR deleted_on > (SELECT day FROM seeding) LIMIT $1
"""
DELETED = "SELECT personal_number FROM conviction WHERE deleted_on <= (SELECT day FROM seeding) LIMIT $1"
MISTAKEN = """
    SELECT personal_number FROM conviction JOIN person USING (personal_number)
    WHERE convicted_as <> given_name || ' ' || family_name LIMIT $1
"""
