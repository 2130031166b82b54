"""The SQL of vehicles: $1 is the personal number, $2 the day; of a case how many, of an event the day."""

from __future__ import annotations

VEHICLES = """
    SELECT plate, vin, make, model, year, fuel, engine_cc, first_registered,
        registration_valid_until, inspection_valid_until, insurance_valid_until
    FROM vehicle WHERE owner = $1 ORDER BY plate
"""
LICENCE = """
    SELECT number, categories, issued_on, valid_until, issued_in, penalty_points,
        CASE WHEN valid_until < $2::date THEN 'expired' ELSE 'valid' END AS status
    FROM driving_licence WHERE personal_number = $1
"""

LAPSED = "SELECT owner FROM vehicle WHERE inspection_valid_until < (SELECT day FROM seeding) LIMIT $1"
NO_LICENCE = """
    SELECT owner FROM vehicle LEFT JOIN driving_licence ON personal_number = owner WHERE number IS NULL LIMIT $1
"""

INSPECTION_DUE = """
    SELECT owner AS subject, plate AS key,
        jsonb_build_object('plate', plate, 'make', make, 'model', model, 'valid_until', inspection_valid_until) AS about
    FROM vehicle WHERE inspection_valid_until = $1::date + 30
"""
