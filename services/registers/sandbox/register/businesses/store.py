"""The SQL of businesses: $1 is the personal number, $2 the day, $3 the represented party's code.

Of a case, $1 is how many; of an event, the day.
"""

from __future__ import annotations

BUSINESSES = """
    SELECT number, name, form, activity, registered_on, closed_on, vat, municipality, settlement, street,
        house_number, postal_code, role, share_percent, alone, since, until
    FROM business_member JOIN business ON number = business
    WHERE personal_number = $1 ORDER BY registered_on, number, role
"""
# Whom the person may represent today: a company by its directors and representatives, a sole trader by himself.
REPRESENTEES = """
    SELECT number, name, form, role, alone, since FROM business_member JOIN business ON number = business
    WHERE personal_number = $1 AND closed_on IS NULL AND (until IS NULL OR until > $2::date)
      AND (role IN ('director', 'representative') OR form = 'individual')
    ORDER BY since, number
"""
# About the represented party of the request, and only to who may represent it.
BUSINESS = """
    SELECT number, name, form, activity, registered_on, closed_on, vat, municipality, settlement, street,
        house_number, postal_code
    FROM business WHERE number = $3 AND EXISTS (
        SELECT FROM business_member WHERE business = number AND personal_number = $1
          AND (until IS NULL OR until > $2::date) AND (role IN ('director', 'representative') OR form = 'individual')
    )
"""

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
