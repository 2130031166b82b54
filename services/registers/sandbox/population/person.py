"""What the registers keep of one person: who, born where, of whom, married to whom, living where, driving what."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

Sex = Literal["female", "male"]
MaritalStatus = Literal["single", "married", "divorced", "widowed"]

YEAR = timedelta(days=365, hours=5, minutes=49)
ADULT = 18


@dataclass(slots=True)
class ParentName:
    """A parent known by name only, as when the register holds no entry of her own."""

    given_name: str
    family_name: str
    birth_family_name: str


@dataclass(slots=True, frozen=True)
class Entry:
    """Where a birth stands in the books of civil status: book, page and number of a year, in a municipality."""

    municipality: str
    book: str
    page: int
    number: int
    year: int


@dataclass(slots=True, frozen=True)
class Birthplace:
    """A municipality of Kosovo and its town, or (municipality None) a town abroad."""

    municipality: str | None
    place: str
    country: str


@dataclass(slots=True)
class Dwelling:
    """A house or flat that an address names. `serial` is unique in the population."""

    serial: int
    municipality: str
    settlement: str
    street: str
    number: str
    postal_code: str


@dataclass(slots=True)
class Person:
    """One person's entry. Deceased people stay, with `died_on` and without a home."""

    personal_number: str
    given_name: str
    family_name: str
    birth_family_name: str
    sex: Sex
    birthdate: date
    birthplace: Birthplace
    father: Person | ParentName
    mother: Person | ParentName
    entry: Entry
    cyrillic: bool
    citizenship: str = "XK"
    marital_status: MaritalStatus = "single"
    died_on: date | None = None
    home: Dwelling | None = None
    home_since: date | None = None

    def age(self, day: date) -> int:
        """Return the whole years that the person has completed on `day`."""
        before_birthday = (day.month, day.day) < (self.birthdate.month, self.birthdate.day)
        return day.year - self.birthdate.year - before_birthday

    def move(self, home: Dwelling, since: date) -> None:
        """Live there from `since` on, and not before birth."""
        self.home, self.home_since = home, max(since, self.birthdate)


@dataclass(slots=True)
class Marriage:
    """A marriage of two people of the register; `ended_on` and `ended_by` when it is no more."""

    husband: Person
    wife: Person
    married_on: date
    entry: Entry
    ended_on: date | None = None
    ended_by: Literal["divorce", "death"] | None = None

    def divorce(self, on: date) -> None:
        """End it while both live."""
        self.ended_on, self.ended_by = on, "divorce"
        self.husband.marital_status = self.wife.marital_status = "divorced"

    def end_by_death_of(self, who: Person, on: date) -> None:
        """Record a death; whoever is left is a widow or a widower, unless they were divorced."""
        who.died_on, who.home, who.home_since = on, None, None
        left = self.wife if who is self.husband else self.husband
        if self.ended_by is None and left.died_on is None:
            self.ended_on, self.ended_by = on, "death"
            left.marital_status = "widowed"


@dataclass(slots=True)
class Vehicle:
    """A registered vehicle; the three last days are the last on which each is valid."""

    plate: str
    vin: str
    owner: Person
    make: str
    model: str
    year: int
    fuel: str
    engine_cc: int
    first_registered: date
    registration_valid_until: date
    inspection_valid_until: date
    insurance_valid_until: date


@dataclass(slots=True)
class Kin:
    """People who belong together, with their marriages, homes and vehicles. Parents stand before their children."""

    people: list[Person] = field(default_factory=list[Person])
    marriages: list[Marriage] = field(default_factory=list[Marriage])
    dwellings: list[Dwelling] = field(default_factory=list[Dwelling])
    vehicles: list[Vehicle] = field(default_factory=list[Vehicle])

    @property
    def living(self) -> int:
        """Return how many of them live."""
        return sum(person.died_on is None for person in self.people)


def years_before(day: date, years: float) -> date:
    """Return the day that lies `years` (of 365.2425 days) before `day`."""
    return day - years * YEAR
