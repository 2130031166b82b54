"""The SQL of the cadastre: $1 is the personal number; of a case, how many."""

from __future__ import annotations

PROPERTIES = """
    SELECT number, municipality, settlement, land_use, area_m2, building_m2, share_percent, acquired_on, acquired_by,
        mortgaged, value_cents
    FROM ownership JOIN parcel ON number = parcel WHERE personal_number = $1 ORDER BY number
"""

JOINT = "SELECT personal_number FROM ownership WHERE share_percent < 100 LIMIT $1"
MORTGAGED = "SELECT personal_number FROM ownership JOIN parcel ON number = parcel WHERE mortgaged LIMIT $1"
DEAD_OWNER = """
    SELECT spouse.personal_number FROM ownership
    JOIN person AS owner USING (personal_number)
    JOIN marriage ON personal_number IN (husband, wife) AND ended_by = 'death'
    JOIN person AS spouse ON spouse.personal_number IN (husband, wife) AND spouse.died_on IS NULL
    WHERE owner.died_on IS NOT NULL LIMIT $1
"""
