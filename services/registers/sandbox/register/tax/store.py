"""The SQL of tax: $1 is the personal number, $2 the day, $3 the represented party's code; of a case, $1 is how many.

Money is in cents of a euro.
"""

from __future__ import annotations

from datetime import date

from services.registers.sandbox.definition import Connection, Unfit, Written
from services.registers.sandbox.register.businesses.store import ACTS
from services.registers.sandbox.register.tax.taken import Payment

# An attestation is given to who owes nothing, or pays what is owed in agreed instalments.
STATUS = """
    SELECT coalesce(sum(amount_cents), 0)::bigint AS owed_cents,
        coalesce(bool_and(instalments), true) AS attestation,
        coalesce(bool_or(instalments), false) AS instalments,
        $2::date AS as_of
    FROM tax_debt WHERE personal_number = $1
"""
# The same of the represented party, and only to who may represent it: that the register of businesses knows.
BUSINESS_STATUS = f"""
    SELECT number, coalesce(sum(amount_cents), 0)::bigint AS owed_cents,
        coalesce(bool_and(instalments), true) AS attestation,
        coalesce(bool_or(instalments), false) AS instalments,
        $2::date AS as_of
    FROM business LEFT JOIN business_tax_debt AS debt ON debt.business = number
    WHERE number = $3 AND EXISTS (
        SELECT FROM business_member AS member WHERE member.business = number AND personal_number = $1 AND {ACTS}
    )
    GROUP BY number
"""  # noqa: S608 - a constant
INCOME = """
    SELECT year, source, payer, gross_cents, tax_cents, contribution_cents FROM income_year
    WHERE personal_number = $1 ORDER BY year DESC, source, payer
"""
DEBTS = "SELECT kind, amount_cents, since, instalments FROM tax_debt WHERE personal_number = $1 ORDER BY since, kind"
PROPERTY_TAX = """
    SELECT number, parcel, year, amount_cents, paid_cents, first_due_on, second_due_on,
        paid_cents < amount_cents AND second_due_on < $2::date AS overdue
    FROM property_tax_bill WHERE personal_number = $1 ORDER BY year DESC, number
"""

OWES = "SELECT DISTINCT personal_number FROM tax_debt WHERE NOT instalments LIMIT $1"
INSTALMENTS = "SELECT DISTINCT personal_number FROM tax_debt WHERE instalments LIMIT $1"
UNPAID = """
    SELECT DISTINCT personal_number FROM property_tax_bill
    WHERE paid_cents < amount_cents AND second_due_on < (SELECT day FROM seeding) LIMIT $1
"""
BUSINESS_OWES = """
    SELECT DISTINCT personal_number FROM business_member JOIN business_tax_debt USING (business)
    WHERE NOT instalments AND role <> 'owner' AND until IS NULL LIMIT $1
"""


async def pay(connection: Connection, subject: str, told: Payment, day: date) -> Written:
    """Record what was paid of a bill of the person's; the reference stays with it."""
    paid = await connection.fetchval(
        """
        UPDATE property_tax_bill SET paid_cents = paid_cents + $3
        WHERE number = $1 AND personal_number = $2 AND paid_cents + $3 <= amount_cents
        RETURNING number
        """,
        told.bill,
        subject,
        told.amount_cents,
    )
    if paid is None:
        raise Unfit("Contradicts", "No such bill of this person's is open for so much.")
    await connection.execute(
        "INSERT INTO property_tax_payment VALUES ($1, $2, $3, $4)", told.bill, told.reference, told.amount_cents, day
    )
    return Written(told.bill)
