"""The 38 municipalities as places to live in: how many people of which community, in which settlements and streets."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from random import Random

import msgspec
import yaml

from services.registers.sandbox.population.person import Birthplace, Dwelling


class Place(msgspec.Struct, frozen=True):
    """A municipality. `weight`: thousands of people; `people`: percent of each community; first stands the seat."""

    plate: str
    postal_code: str
    weight: int
    people: dict[str, int]
    settlements: tuple[str, ...]


class Gazetteer(msgspec.Struct, frozen=True):
    """All of places.yaml."""

    municipalities: dict[str, Place]
    streets: dict[str, tuple[str, ...]]
    own_streets: dict[str, tuple[str, ...]]
    abroad: dict[str, tuple[str, ...]]

    def municipality(self, rng: Random) -> str:
        """Return a municipality's id, the populous ones more often."""
        return _weighted(rng, {name: place.weight for name, place in self.municipalities.items()})

    def municipality_of(self, rng: Random, community: str) -> str:
        """Return the id of a municipality where `community` lives, by how many live there."""
        here = {name: place.weight * place.people.get(community, 0) for name, place in self.municipalities.items()}
        return _weighted(rng, here)

    def community(self, rng: Random, municipality: str) -> str:
        """Return the community of a family that lives in `municipality`."""
        return _weighted(rng, self.municipalities[municipality].people)

    def dwelling(self, rng: Random, serial: int, municipality: str) -> Dwelling:
        """Return a home in one of the municipality's settlements."""
        place = self.municipalities[municipality]
        settlement = rng.choice(place.settlements)
        streets = self.streets[self._majority(place)]
        if settlement == place.settlements[0]:
            streets += self.own_streets.get(municipality, ())
        number = str(rng.randint(1, 140)) + ("/" + rng.choice("ABC") if rng.random() < 0.1 else "")  # noqa: PLR2004
        return Dwelling(serial, municipality, settlement, rng.choice(streets), number, place.postal_code)

    def birthplace(self, rng: Random, municipality: str) -> Birthplace:
        """Return where a child of people from `municipality` was born: mostly in its town, some in the diaspora."""
        if rng.random() < 0.03:  # noqa: PLR2004 - three in a hundred
            country = rng.choice(list(self.abroad))
            return Birthplace(None, rng.choice(self.abroad[country]), country)
        return Birthplace(municipality, self.municipalities[municipality].settlements[0], "XK")

    def _majority(self, place: Place) -> str:
        largest = max(place.people, key=lambda community: place.people[community])
        return largest if largest in self.streets else "albanian"


def _weighted(rng: Random, weights: dict[str, int]) -> str:
    return rng.choices(list(weights), weights=list(weights.values()))[0]


@cache
def gazetteer() -> Gazetteer:
    """Return the places of places.yaml."""
    text = Path(__file__).with_name("places.yaml").read_text()
    return msgspec.convert(yaml.safe_load(text), Gazetteer)
