"""Gives out what is counted: entries in the books of a municipality, plates and chassis numbers of a region."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from zlib import crc32

from services.registers.sandbox.population.number import plate
from services.registers.sandbox.population.person import Entry

_ENTRIES_A_PAGE, _PAGES_A_BOOK = 2, 200


def _counter() -> Counter[tuple[str, int]]:
    return Counter()


@dataclass(slots=True)
class Registrar:
    """Counts what was given out. Counters read back from the registers go on where they stopped."""

    births: Counter[tuple[str, int]] = field(default_factory=_counter)
    marriages: Counter[tuple[str, int]] = field(default_factory=_counter)
    plates: Counter[str] = field(default_factory=Counter[str])

    def birth(self, municipality: str, year: int) -> Entry:
        """Return the next entry of a year in a municipality's books of births."""
        return _next(self.births, municipality, year)

    def marriage(self, municipality: str, year: int) -> Entry:
        """Return the next entry of a year in a municipality's books of marriages."""
        return _next(self.marriages, municipality, year)

    def plate(self, region: str) -> tuple[str, int]:
        """Return the next plate of a region and its serial."""
        serial = self.plates[region]
        self.plates[region] += 1
        return plate(region, serial), serial


def _next(given: Counter[tuple[str, int]], municipality: str, year: int) -> Entry:
    given[municipality, year] += 1
    # The year's books began before our invented people: not everyone is number 1 on page 1.
    number = crc32(f"{municipality}/{year}".encode()) % 700 + given[municipality, year]
    page = (number - 1) // _ENTRIES_A_PAGE
    return Entry(municipality, str(page // _PAGES_A_BOOK + 1), page % _PAGES_A_BOOK + 1, number, year)
