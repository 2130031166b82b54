"""The SQL of identity documents: $1 is the personal number, $2 the day; of a case how many, of an event the day."""

from __future__ import annotations

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

EXPIRING = """
    SELECT personal_number AS subject, number AS key,
        jsonb_build_object('kind', kind, 'number', number, 'valid_until', valid_until) AS about
    FROM identity_document WHERE valid_until = $1::date + 60 AND status = 'valid'
"""
