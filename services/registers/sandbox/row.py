"""A person, marriage, home and vehicle of the population as rows of the registers' tables."""

from __future__ import annotations

from services.registers.sandbox.population.name import cyrillic
from services.registers.sandbox.population.person import Dwelling, Entry, Marriage, ParentName, Person, Vehicle

_ENTRY = ("entry_municipality", "entry_book", "entry_page", "entry_number", "entry_year")
PERSON = (
    "personal_number",
    "given_name",
    "family_name",
    "birth_family_name",
    "given_name_cyrl",
    "family_name_cyrl",
    "birthdate",
    "birth_municipality",
    "birth_place",
    "birth_country",
    "sex",
    "citizenship",
    "father",
    "father_given_name",
    "father_family_name",
    "mother",
    "mother_given_name",
    "mother_family_name",
    "mother_birth_family_name",
    "marital_status",
    "died_on",
    *_ENTRY,
)
MARRIAGE = ("husband", "wife", "married_on", "ended_on", "ended_by", *_ENTRY)
DWELLING = ("id", "municipality", "settlement", "street", "number", "postal_code")
RESIDENCE = ("personal_number", "dwelling", "since")
VEHICLE = (
    "plate",
    "vin",
    "owner",
    "make",
    "model",
    "year",
    "fuel",
    "engine_cc",
    "first_registered",
    "registration_valid_until",
    "inspection_valid_until",
    "insurance_valid_until",
)


def person_row(person: Person) -> tuple[object, ...]:
    """Return the columns of PERSON."""
    return (
        person.personal_number,
        person.given_name,
        person.family_name,
        person.birth_family_name,
        cyrillic(person.given_name) if person.cyrillic else None,
        cyrillic(person.family_name) if person.cyrillic else None,
        person.birthdate,
        person.birthplace.municipality,
        person.birthplace.place,
        person.birthplace.country,
        person.sex,
        person.citizenship,
        _number(person.father),
        person.father.given_name,
        person.father.family_name,
        _number(person.mother),
        person.mother.given_name,
        person.mother.family_name,
        person.mother.birth_family_name,
        person.marital_status,
        person.died_on,
        *_entry_row(person.entry),
    )


def _number(parent: Person | ParentName) -> str | None:
    return parent.personal_number if isinstance(parent, Person) else None


def _entry_row(entry: Entry) -> tuple[object, ...]:
    return entry.municipality, entry.book, entry.page, entry.number, entry.year


def marriage_row(marriage: Marriage) -> tuple[object, ...]:
    """Return the columns of MARRIAGE."""
    return (
        marriage.husband.personal_number,
        marriage.wife.personal_number,
        marriage.married_on,
        marriage.ended_on,
        marriage.ended_by,
        *_entry_row(marriage.entry),
    )


def dwelling_row(dwelling: Dwelling) -> tuple[object, ...]:
    """Return the columns of DWELLING."""
    return (
        dwelling.serial,
        dwelling.municipality,
        dwelling.settlement,
        dwelling.street,
        dwelling.number,
        dwelling.postal_code,
    )


def residence_row(person: Person) -> tuple[object, ...] | None:
    """Return the columns of RESIDENCE, or None when no address is recorded."""
    return (person.personal_number, person.home.serial, person.home_since) if person.home else None


def vehicle_row(vehicle: Vehicle) -> tuple[object, ...]:
    """Return the columns of VEHICLE."""
    return (
        vehicle.plate,
        vehicle.vin,
        vehicle.owner.personal_number,
        vehicle.make,
        vehicle.model,
        vehicle.year,
        vehicle.fuel,
        vehicle.engine_cc,
        vehicle.first_registered,
        vehicle.registration_valid_until,
        vehicle.inspection_valid_until,
        vehicle.insurance_valid_until,
    )
