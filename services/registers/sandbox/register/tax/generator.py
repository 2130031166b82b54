"""What the tax register holds of a kin: two closed years of income, debts, and this year's bills of property tax."""

from __future__ import annotations

from datetime import date
from itertools import count

from services.registers.sandbox.definition import Filled, Row
from services.registers.sandbox.population.estate import Parcel
from services.registers.sandbox.population.number import document_number
from services.registers.sandbox.population.person import years_before
from services.registers.sandbox.population.work import Job
from services.registers.sandbox.population.world import World

INCOME = ("personal_number", "year", "source", "payer", "gross_cents", "tax_cents", "contribution_cents")
DEBT = ("personal_number", "kind", "amount_cents", "since", "instalments")
BUSINESS_DEBT = ("business", "kind", "amount_cents", "since", "instalments")
BILL = ("number", "personal_number", "parcel", "year", "amount_cents", "paid_cents", "first_due_on", "second_due_on")

_YEARS = 2
_MONTHS = 12
_CONTRIBUTION = 5  # percent of the pay
# Of a month's pay in cents: nothing up to 250 euro, eight percent up to 450, ten percent beyond.
_FREE, _LOW, _LOW_RATE, _HIGH_RATE = 25_000, 45_000, 8, 10
_PROPERTY_RATE = 15  # of ten thousand parts of the value
_DEBTORS, _BUSINESSES_IN_DEBT, _LATE_WITH_PROPERTY = 0.03, 0.08, 0.12
_SERIALS = 128


def fill(world: World) -> Filled:
    """Return the rows of a kin, by table."""
    return {
        "income_year": [row for job in world.jobs for row in _income(job, world.day)],
        "tax_debt": _debts(world),
        "business_tax_debt": _business_debts(world),
        "property_tax_bill": _bills(world),
    }


def _income(job: Job, day: date) -> list[Row]:
    """Return the income of the last closed years in which the job lasted, each counted by whole months."""
    rows: list[Row] = []
    for year in range(day.year - _YEARS, day.year):
        months = _months(job, year)
        if months:
            gross, tax = job.gross_cents * months, _monthly_tax(job.gross_cents) * months
            contribution = gross * _CONTRIBUTION // 100
            number = job.person.personal_number
            rows.append((number, year, "employment", job.employer, gross, tax, contribution))
    return rows


def _months(job: Job, year: int) -> int:
    first = 1 if job.since.year < year else job.since.month
    last = _MONTHS if job.until is None or job.until.year > year else job.until.month
    lasted = job.since.year <= year and (job.until is None or job.until.year >= year)
    return max(0, last - first + 1) if lasted else 0


def _monthly_tax(gross: int) -> int:
    low = max(0, min(gross, _LOW) - _FREE) * _LOW_RATE
    return (low + max(0, gross - _LOW) * _HIGH_RATE) // 100


def _debts(world: World) -> list[Row]:
    rng = world.chance("tax debts")
    return [
        (
            person.personal_number,
            rng.choice(("income", "value_added", "property")),
            rng.randint(20, 4000) * 100,
            years_before(world.day, rng.uniform(0.2, 5)),
            rng.random() < 0.25,  # noqa: PLR2004 - one debtor in four has agreed on instalments
        )
        for person in world.grown
        if rng.random() < _DEBTORS and not world.is_demo
    ]


def _business_debts(world: World) -> list[Row]:
    """Return what companies owe that still trade; what a sole trader owes is his own debt."""
    rng = world.chance("business tax debts")
    return [
        (
            firm.number,
            "value_added" if firm.vat else "corporate_income",
            rng.randint(100, 9000) * 100,
            years_before(world.day, rng.uniform(0, (world.day - firm.registered_on).days / 366)),
            rng.random() < 0.25,  # noqa: PLR2004 - one debtor in four has agreed on instalments
        )
        for firm in world.firms
        if firm.form != "individual" and not firm.closed_on and rng.random() < _BUSINESSES_IN_DEBT and not world.is_demo
    ]


def _bills(world: World) -> list[Row]:
    """Return the year's bill of each owner: two instalments, on 30 April and 30 September."""
    rng, serials, year = world.chance("property tax"), count(world.index * _SERIALS), world.day.year
    rows: list[Row] = []
    for parcel in world.parcels:
        late = rng.random() < _LATE_WITH_PROPERTY and not world.is_demo
        for person, share in parcel.owners:
            amount = _amount(parcel, share)
            due = date(year, 4, 30), date(year, 9, 30)
            paid = sum(amount // 2 + (amount % 2 if place else 0) for place in (0, 1) if due[place] < world.day)
            number = document_number("T", next(serials))
            rows.append((number, person.personal_number, parcel.number, year, amount, 0 if late else paid, *due))
    return rows


def _amount(parcel: Parcel, share: int) -> int:
    return max(500, parcel.value_cents * _PROPERTY_RATE // 10_000 * share // 100)
