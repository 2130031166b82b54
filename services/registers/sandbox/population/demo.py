"""The people of the demonstration, with their relatives, as demo.yaml tells them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec
import yaml

from services.registers.sandbox.population.garage import region_of
from services.registers.sandbox.population.kin import serials
from services.registers.sandbox.population.number import vin
from services.registers.sandbox.population.person import (
    Birthplace,
    Dwelling,
    Kin,
    Marriage,
    ParentName,
    Person,
    Sex,
    Vehicle,
    years_before,
)
from services.registers.sandbox.population.place import gazetteer
from services.registers.sandbox.population.registrar import Registrar

# They are the first kin: their block of serials is number 0.
INDEX = 0


class Home(msgspec.Struct, frozen=True):
    """An address."""

    municipality: str
    settlement: str
    street: str
    number: str
    postal_code: str


class Member(msgspec.Struct, frozen=True):
    """A person as the file tells her; see its first lines."""

    id: str
    given: str
    family: str
    sex: Sex
    age: int
    father: str
    mother: str
    number: str | None = None
    born_as: str | None = None
    birthday: str | None = None
    days: int = 0
    home: str | None = None
    registered_in: str | None = None
    died: int | None = None
    cyrillic: bool = False

    def birthdate(self, day: date) -> date:
        """Return the day of birth that makes her `age` years old on `day`; of the dead, as if they lived."""
        if self.birthday is None:
            return date(day.year - self.age, day.month, min(day.day, 28)) - timedelta(days=self.days)
        month, of_month = map(int, self.birthday.split("-"))
        return date(day.year - self.age - ((day.month, day.day) < (month, of_month)), month, of_month)


class Wedding(msgspec.Struct, frozen=True):
    """Who married whom, how many years ago; how many years ago they divorced."""

    husband: str
    wife: str
    years: int
    divorced: int | None = None


class Car(msgspec.Struct, frozen=True):
    """A vehicle; `valid`: days from the day of seeding of registration, inspection and insurance."""

    owner: str
    make: str
    model: str
    wmi: str
    age: int
    fuel: str
    engine_cc: int
    registered: int
    valid: tuple[int, int, int]


class Partner(msgspec.Struct, frozen=True):
    """Who has a part in a business, or acts for it."""

    person: str
    role: Literal["owner", "director", "representative"]
    share: int | None = None
    alone: bool = True


class Business(msgspec.Struct, frozen=True):
    """A business, `years` old."""

    number: str
    name: str
    form: Literal["individual", "limited"]
    activity: str
    home: str
    years: float
    members: tuple[Partner, ...]
    vat: bool = False


class Share(msgspec.Struct, frozen=True):
    """Who owns how much of a parcel, in percent."""

    person: str
    percent: int


class Land(msgspec.Struct, frozen=True):
    """A parcel in the settlement of a home, `years` theirs; a house or flat has its own area."""

    home: str
    use: Literal["house", "flat", "field", "business"]
    area_m2: int
    years: float
    value_cents: int
    owners: tuple[Share, ...]
    building_m2: int | None = None


class Student(msgspec.Struct, frozen=True):
    """Who studies, in which year."""

    person: str
    grade: int


class Card(msgspec.Struct, frozen=True):
    """An identity document that runs out `valid` days from the day of seeding."""

    holder: str
    kind: Literal["identity_card", "passport"]
    valid: int


class Story(msgspec.Struct, frozen=True):
    """All of demo.yaml."""

    homes: dict[str, Home]
    people: tuple[Member, ...]
    marriages: tuple[Wedding, ...]
    vehicles: tuple[Car, ...]
    firms: tuple[Business, ...]
    documents: tuple[Card, ...]
    lands: tuple[Land, ...]
    students: tuple[Student, ...]


@cache
def story() -> Story:
    """Return what demo.yaml tells."""
    return msgspec.convert(yaml.safe_load(Path(__file__).with_name("demo.yaml").read_text()), Story)


@cache
def reserved() -> frozenset[str]:
    """Return the personal numbers of the demonstration, which nobody else may get."""
    return frozenset(member.number for member in story().people if member.number)


def demo(day: date, registrar: Registrar) -> Kin:
    """Return the demonstration's people, so that each is on `day` what she is said to be."""
    kin = Kin()
    homes = {
        name: Dwelling(INDEX + serial, *msgspec.structs.astuple(home))
        for serial, (name, home) in enumerate(story().homes.items())
    }
    kin.dwellings = list(homes.values())
    numbers = serials(INDEX, reserved())
    people: dict[str, Person] = {}
    for member in story().people:
        number = member.number or next(numbers)
        people[member.id] = _person(member, number, homes, people, day=day, registrar=registrar)
    kin.people = list(people.values())
    kin.marriages = [_marriage(wedding, people, day, registrar) for wedding in story().marriages]
    _bury(kin, people, day)
    kin.vehicles = [_vehicle(car, people[car.owner], day, registrar) for car in story().vehicles]
    return kin


def _person(
    member: Member,
    number: str,
    homes: Mapping[str, Dwelling],
    people: Mapping[str, Person],
    *,
    day: date,
    registrar: Registrar,
) -> Person:
    born = member.birthdate(day)
    home = homes[member.home] if member.home else None
    father = people.get(member.father) or _parent(member.father)
    mother = people.get(member.mother) or _parent(member.mother)
    municipality = home.municipality if home else member.registered_in or _municipality_of_the_dead(member, homes)
    person = Person(
        personal_number=number,
        given_name=member.given,
        family_name=member.family,
        birth_family_name=member.born_as or member.family,
        sex=member.sex,
        birthdate=born,
        birthplace=Birthplace(municipality, gazetteer().municipalities[municipality].settlements[0], "XK"),
        father=father,
        mother=mother,
        entry=registrar.birth(municipality, born.year),
        cyrillic=member.cyrillic,
    )
    if home:
        person.move(home, years_before(day, 8.4))
    return person


def _municipality_of_the_dead(member: Member, homes: Mapping[str, Dwelling]) -> str:
    """Return where a dead man was of: he has no home, his wife has."""
    widow = next(wedding.wife for wedding in story().marriages if wedding.husband == member.id)
    home = next(one.home for one in story().people if one.id == widow)
    return homes[home or ""].municipality


def _parent(words: str) -> ParentName:
    given, family, *birth_family = words.split()
    return ParentName(given, family, birth_family[0] if birth_family else family)


def _marriage(wedding: Wedding, people: Mapping[str, Person], day: date, registrar: Registrar) -> Marriage:
    husband, wife = people[wedding.husband], people[wedding.wife]
    on = years_before(day, wedding.years)
    marriage = Marriage(husband, wife, on, registrar.marriage(wife.entry.municipality, on.year))
    husband.marital_status = wife.marital_status = "married"
    if wedding.divorced is not None:
        marriage.divorce(years_before(day, wedding.divorced))
    return marriage


def _bury(kin: Kin, people: Mapping[str, Person], day: date) -> None:
    for member in story().people:
        if member.died is not None:
            marriage = next(one for one in kin.marriages if one.husband is people[member.id])
            marriage.end_by_death_of(people[member.id], years_before(day, member.died))


def _vehicle(car: Car, owner: Person, day: date, registrar: Registrar) -> Vehicle:
    region = region_of(owner.home) if owner.home else "01"
    plate, serial = registrar.plate(region)
    registration, inspection, insurance = (day + timedelta(days=days) for days in car.valid)
    year = day.year - car.age
    return Vehicle(
        plate=plate,
        vin=vin(car.wmi, year, region, serial),
        owner=owner,
        make=car.make,
        model=car.model,
        year=year,
        fuel=car.fuel,
        engine_cc=car.engine_cc,
        first_registered=years_before(day, car.registered),
        registration_valid_until=registration,
        inspection_valid_until=inspection,
        insurance_valid_until=insurance,
    )
