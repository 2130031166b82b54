"""The SQL of employment and pensions: $1 is the personal number; of a case, how many. Money is in cents of a euro."""

from __future__ import annotations

from datetime import date

from services.registers.sandbox.definition import Connection, Unfit, Written
from services.registers.sandbox.register.employment.taken import Search

EMPLOYMENT = """
    SELECT employer, employer_name, position, since, until, gross_monthly_cents FROM employment
    WHERE personal_number = $1 ORDER BY since
"""
JOBSEEKER = "SELECT registered_on FROM jobseeker WHERE personal_number = $1"
PENSIONS = "SELECT number, kind, since, monthly_cents FROM pension WHERE personal_number = $1 ORDER BY since, number"

TWO_JOBS = """
    SELECT personal_number FROM employment WHERE until IS NULL
    GROUP BY personal_number HAVING count(*) > 1 LIMIT $1
"""
SEEKS = "SELECT personal_number FROM jobseeker LIMIT $1"
DRAWS = "SELECT personal_number FROM pension LIMIT $1"
NOT_CLAIMED = """
    SELECT personal_number FROM person LEFT JOIN pension USING (personal_number)
    WHERE number IS NULL AND died_on IS NULL AND birthdate < (SELECT day FROM seeding) - interval '65 years' LIMIT $1
"""


async def seek(connection: Connection, subject: str, told: Search, _day: date) -> Written:
    """Record that the person looks for work."""
    recorded = await connection.execute(
        "INSERT INTO jobseeker VALUES ($1, $2) ON CONFLICT (personal_number) DO NOTHING", subject, told.since
    )
    if recorded != "INSERT 0 1":
        raise Unfit("Contradicts", "The person is registered as looking for work already.")
    return Written()
