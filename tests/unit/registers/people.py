"""The population as tests look at it: whole kins, counted out until there are enough."""

from __future__ import annotations

from datetime import date

from services.registers.sandbox.population.census import kins
from services.registers.sandbox.population.person import Kin
from services.registers.sandbox.population.registrar import Registrar


def population(people: int, day: date) -> list[Kin]:
    """Return the first kins that together have at least `people` living members."""
    found: list[Kin] = []
    living = 0
    for one in kins(day, Registrar()):
        found.append(one)
        living += one.living
        if living >= people:
            return found
    return found  # kins never end
