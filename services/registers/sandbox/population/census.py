"""Counts out the whole population, kin after kin: the demonstration's people first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from services.registers.sandbox.population.demo import INDEX, demo, reserved
from services.registers.sandbox.population.kin import kin
from services.registers.sandbox.population.person import Kin
from services.registers.sandbox.population.registrar import Registrar


def kins(day: date, registrar: Registrar, start: int = 0) -> Iterator[Kin]:
    """Return the kins from the one with index `start` on, without end, as they stand on `day`."""
    index = start
    while True:
        yield demo(day, registrar) if index == INDEX else kin(index, day, registrar, reserved())
        index += 1
