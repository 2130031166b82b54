"""What the registers answer, exactly: shapes and limits. A field that is not named here never enters the portal."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Generic, Literal, TypeVar
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from services.registers.municipality import all_of_them

# No control character and no lone surrogate: PostgreSQL and PDF take neither.
Text = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f\ud800-\udfff]+\Z")]
PersonalNumber = Annotated[str, Meta(pattern=r"^[0-9]{10}\Z")]
Municipality = Annotated[str, Meta(pattern=rf"^({'|'.join(map(re.escape, all_of_them()))})\Z")]
Country = Annotated[str, Meta(pattern=r"^[A-Z]{2}\Z")]  # ISO 3166-1 alpha-2, and XK
Year = Annotated[int, Meta(ge=1850, le=2200)]
Count = Annotated[int, Meta(ge=0, le=1_000_000)]
Sex = Literal["female", "male"]
MaritalStatus = Literal["single", "married", "divorced", "widowed"]


class Father(Struct, frozen=True):
    """A father as the entry names him."""

    given_name: Text
    family_name: Text


class Mother(Struct, frozen=True):
    """A mother as the entry names her."""

    given_name: Text
    family_name: Text
    birth_family_name: Text


class Entry(Struct, frozen=True):
    """Where a birth stands in a municipality's books of civil status."""

    municipality: Municipality
    book: Text
    page: Count
    number: Count
    year: Year


class Person(Struct, frozen=True, kw_only=True):
    """A person's entry in civil status; names in Cyrillic and the day of death where recorded."""

    personal_number: PersonalNumber
    given_name: Text
    family_name: Text
    given_name_cyrl: Text | UnsetType = UNSET
    family_name_cyrl: Text | UnsetType = UNSET
    birth_family_name: Text
    birthdate: date
    birth_municipality: Municipality | None
    birth_place: Text
    birth_country: Country
    sex: Sex
    citizenship: Country
    father: Father
    mother: Mother
    marital_status: MaritalStatus
    died_on: date | UnsetType = UNSET
    entry: Entry


class Child(Struct, frozen=True):
    """A living child under 18."""

    personal_number: PersonalNumber
    given_name: Text
    family_name: Text
    birthdate: date
    sex: Sex


class Parent(Struct, frozen=True):
    """A living parent as the entry of a birth names her, with her own personal number."""

    personal_number: PersonalNumber
    given_name: Text
    family_name: Text
    birthdate: date
    sex: Sex


class Address(Struct, frozen=True):
    """Where a person lives, and since when."""

    municipality: Municipality
    settlement: Text
    street: Text
    number: Text
    postal_code: Text
    since: date
    confirmed_on: date | UnsetType | None = UNSET


class Vehicle(Struct, frozen=True):
    """A vehicle with the last days on which its registration, inspection and insurance are valid."""

    plate: Annotated[str, Meta(pattern=r"^0[1-7]-[0-9]{3}-[A-Z]{2}\Z")]
    vin: Annotated[str, Meta(pattern=r"^[A-Z0-9]{17}\Z")]
    make: Text
    model: Text
    year: Year
    fuel: Literal["petrol", "diesel", "lpg", "hybrid", "electric"]
    engine_cc: Count
    first_registered: date
    registration_valid_until: date
    inspection_valid_until: date
    insurance_valid_until: date


Children = Annotated[list[Child], Meta(max_length=50)]
Parents = Annotated[list[Parent], Meta(max_length=2)]
Vehicles = Annotated[list[Vehicle], Meta(max_length=500)]

Data = TypeVar("Data")


class Envelope(Struct, Generic[Data], frozen=True):
    """What a register sends: its name, whom it is about, the data, and the id of the message that it answers."""

    register: str
    subject: PersonalNumber
    data: Data
    recorded_at: Annotated[datetime, Meta(tz=True)]
    message_id: UUID
