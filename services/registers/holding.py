"""What registers answer about documents, school, health, courts, businesses, tax, land and work: shapes and limits."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from services.registers.record import Count, Municipality, PersonalNumber, Text, Year

Code = Annotated[str, Meta(pattern=r"^[a-z][a-z_]{0,39}\Z")]  # said in words by label_*.py; a new one as it stands
Cents = Annotated[int, Meta(ge=0, le=10**12)]
Percent = Annotated[int, Meta(ge=1, le=100)]
_MANY = Meta(max_length=500)


class Marriage(Struct, frozen=True):
    """A marriage, with whom, and how it ended if it did."""

    given_name: Text
    family_name: Text
    married_on: date
    ended_on: date | None
    ended_by: Code | None
    entry_municipality: Municipality


class Name(Struct, frozen=True):
    """A name that a person bore before."""

    changed_on: date
    reason: Code
    old_given_name: Text | None
    old_family_name: Text | None


class Document(Struct, frozen=True):
    """An identity card or a passport."""

    number: Text
    kind: Code
    issued_on: date
    valid_until: date
    issued_in: Municipality
    status: Code


class Licence(Struct, frozen=True):
    """A driving licence."""

    number: Text
    categories: Annotated[list[Text], Meta(max_length=30)]
    issued_on: date
    valid_until: date
    issued_in: Municipality
    penalty_points: Count
    status: Code


class Enrolment(Struct, frozen=True):
    """Where a person learns now."""

    school_year: Text
    level: Code
    grade: Count
    school: Text
    municipality: Municipality


class Diploma(Struct, frozen=True):
    """A diploma that was awarded."""

    number: Text
    level: Code
    field: Text
    institution: Text
    awarded_on: date


class Conviction(Struct, frozen=True):
    """A conviction that stands on record."""

    case_number: Text
    convicted_as: Text
    court: Municipality
    offence: Code
    decided_on: date
    sentence: Code
    months: Count


class CriminalRecord(Struct, frozen=True):
    """Whether a person is convicted, on a day, and of what."""

    convicted: bool
    as_of: date
    convictions: Annotated[list[Conviction], _MANY]


class Insurance(Struct, frozen=True):
    """Health insurance."""

    number: Text
    category: Code
    since: date
    valid_until: date
    status: Code


class Birth(Struct, frozen=True):
    """A birth as the hospital told it."""

    number: Text
    hospital: Text
    municipality: Municipality
    born_on: date
    weight_g: Count


class Activity(Struct, frozen=True):
    """What a business does."""

    code: Text
    name: dict[str, Text]


class Business(Struct, frozen=True, kw_only=True):
    """A business, what the person is in it, and whether she may act for it: `alone`, or only together with others."""

    number: Text
    name: Text
    form: Code
    activity: Activity
    registered_on: date
    closed_on: date | None
    vat: bool
    municipality: Municipality
    settlement: Text
    role: Code
    share_percent: Percent | None
    represents: bool | UnsetType = UNSET
    alone: bool | UnsetType = UNSET


class Owner(Struct, frozen=True):
    """Who owns how much of a business."""

    given_name: Text
    family_name: Text
    share_percent: Percent


class Representative(Struct, frozen=True):
    """Who may act for a business: `alone`, or only together with others."""

    personal_number: PersonalNumber
    given_name: Text
    family_name: Text
    role: Code
    alone: bool


class Registration(Struct, frozen=True, kw_only=True):
    """A business as it is registered: told to who may act for it, and to nobody else."""

    number: Text
    name: Text
    form: Code
    activity: Activity
    registered_on: date
    vat: bool
    municipality: Municipality
    settlement: Text
    street: Text
    house_number: Text
    postal_code: Text
    owners: Annotated[list[Owner], _MANY]
    representatives: Annotated[list[Representative], _MANY]


class TaxStatus(Struct, frozen=True):
    """What is owed in all, and whether an attestation can be given."""

    owed_cents: Cents
    attestation: bool
    instalments: bool
    as_of: date


class BusinessTax(TaxStatus, frozen=True, kw_only=True):
    """The same of a business, by its number."""

    number: Text


class Income(Struct, frozen=True):
    """What one payer paid in a year."""

    year: Year
    source: Code
    payer: Text
    gross_cents: Cents
    tax_cents: Cents
    contribution_cents: Cents


class TaxDebt(Struct, frozen=True):
    """A tax that is owed."""

    kind: Code
    amount_cents: Cents
    since: date
    instalments: bool


class PropertyTax(Struct, frozen=True):
    """A year's bill for a parcel."""

    number: Text
    parcel: Text
    year: Year
    amount_cents: Cents
    paid_cents: Cents
    second_due_on: date
    overdue: bool


class Property(Struct, frozen=True, kw_only=True):
    """A parcel or a flat, and how much of it the person owns."""

    number: Text
    municipality: Municipality
    settlement: Text
    land_use: Code
    area_m2: Count
    building_m2: Count | None
    share_percent: Percent
    acquired_on: date
    acquired_by: Code
    mortgaged: bool
    value_cents: Cents


class Employment(Struct, frozen=True):
    """Work for one employer."""

    employer_name: Text
    position: Code
    since: date
    until: date | None
    gross_monthly_cents: Cents


class Jobseeker(Struct, frozen=True):
    """Since when a person is registered as seeking work."""

    registered_on: date


class Pension(Struct, frozen=True):
    """A pension that is paid."""

    number: Text
    kind: Code
    since: date
    monthly_cents: Cents


Marriages = Annotated[list[Marriage], _MANY]
Names = Annotated[list[Name], _MANY]
Documents = Annotated[list[Document], _MANY]
Diplomas = Annotated[list[Diploma], _MANY]
Births = Annotated[list[Birth], _MANY]
Businesses = Annotated[list[Business], _MANY]
Incomes = Annotated[list[Income], _MANY]
TaxDebts = Annotated[list[TaxDebt], _MANY]
PropertyTaxes = Annotated[list[PropertyTax], _MANY]
Properties = Annotated[list[Property], _MANY]
Employments = Annotated[list[Employment], _MANY]
Pensions = Annotated[list[Pension], _MANY]
