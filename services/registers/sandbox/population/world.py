"""A kin with all that its people do and own: what the registers record, each a part of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from random import Random

from services.registers.sandbox.population import estate, firm, work
from services.registers.sandbox.population.demo import INDEX, Story, story
from services.registers.sandbox.population.person import ADULT, Kin, Person

# One kin of so many shows each of the faults that cannot be left to chance; each has its own place among them. The
# first kins show none: a population of a few hundred is without surprises.
FAULTY_EVERY, _FIRST_FAULT = 64, 40
FAULTS = (
    "addresses not_found",
    "health not_found",
    "tax not_found",
    "education not_found",
    "addresses two_records",
    "health two_records",
    "criminal-record two_records",
    "addresses contradiction",
    "education two_records",
)


@dataclass
class World:
    """A kin as it stands on a day. Whatever is drawn comes from a generator of its own name: registers stand alone."""

    index: int
    kin: Kin
    day: date

    def chance(self, name: str) -> Random:
        """Return the generator of one purpose in this kin: the same draws every time."""
        return Random(f"{name} {self.index}")  # noqa: S311 - the population shall be the same every time

    @property
    def is_demo(self) -> bool:
        """Tell whether these are the people of the demonstration, of whom nothing goes wrong by chance."""
        return self.index == INDEX

    @property
    def story(self) -> Story:
        """Return what is told of the demonstration's people."""
        return story()

    @cached_property
    def living(self) -> Sequence[Person]:
        """Return those who live."""
        return [person for person in self.kin.people if person.died_on is None]

    @cached_property
    def grown(self) -> Sequence[Person]:
        """Return those who live and are of age."""
        return [person for person in self.living if person.age(self.day) >= ADULT]

    def shows(self, fault: str) -> bool:
        """Tell whether this kin is one of those that show a fault of FAULTS."""
        return (self.index - _FIRST_FAULT) % FAULTY_EVERY == FAULTS.index(fault) and self.index >= _FIRST_FAULT

    @property
    def afflicted(self) -> Person:
        """Return whom of the kin a fault befalls: the youngest who is of age and has a home."""
        able = [person for person in self.grown if person.home] or self.living or self.kin.people
        return max(able, key=lambda person: person.birthdate)

    @cached_property
    def firms(self) -> Sequence[firm.Firm]:
        """Return the businesses that people of the kin have."""
        if self.is_demo:
            return firm.of_the_story(self.kin, self.day, self.story)
        return firm.by_chance(self.index, self.grown, self.day, self.chance("firms"))

    @cached_property
    def parcels(self) -> Sequence[estate.Parcel]:
        """Return the land that people of the kin own."""
        told = estate.of_the_story(self.kin, self.day, self.story) if self.is_demo else []
        return [*estate.parcels(self.index, self.grown, self.day, self.chance("parcels")), *told]

    @cached_property
    def jobs(self) -> Sequence[work.Job]:
        """Return where people of the kin work, and worked."""
        return work.jobs(self.grown, self.firms, self.day, self.chance("jobs"))

    @cached_property
    def pensions(self) -> Sequence[work.Pension]:
        """Return who draws which pension."""
        return work.pensions(self.grown, self.day, self.chance("pensions"))
