"""The names that each community gives, and Serbian names in Cyrillic."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from random import Random

import msgspec
import yaml

from services.registers.sandbox.population.person import Sex


class Community(msgspec.Struct, frozen=True):
    """Given and family names of a community, the most common first; `cyrillic` when it writes them in both scripts."""

    male: tuple[str, ...]
    female: tuple[str, ...]
    family: tuple[str, ...]
    cyrillic: bool = False

    def given(self, rng: Random, sex: Sex, taken: Sequence[str] = ()) -> str:
        """Return a given name that nobody in `taken` (brothers and sisters) bears."""
        names = self.female if sex == "female" else self.male
        name = _drawn(rng, names)
        while name in taken:
            name = _drawn(rng, names)
        return name

    def surname(self, rng: Random, other_than: str = "") -> str:
        """Return a family name that is not `other_than`."""
        name = _drawn(rng, self.family)
        while name == other_than:
            name = _drawn(rng, self.family)
        return name


def _drawn(rng: Random, names: Sequence[str]) -> str:
    """Earlier names are drawn more often, as in life."""
    return names[int(len(names) * rng.random() ** 1.4)]


@cache
def communities() -> dict[str, Community]:
    """Return every community's names by its id, from names.yaml."""
    text = Path(__file__).with_name("names.yaml").read_text()
    return msgspec.convert(yaml.safe_load(text), dict[str, Community])


_DIGRAPHS = {"lj": "љ", "nj": "њ", "dž": "џ"}
_LETTERS = dict(zip("abvgdđežzijklmnoprstćufhcčš", "абвгдђежзијклмнопрстћуфхцчш", strict=True))


def cyrillic(name: str) -> str:
    """Return a Serbian name, given in Latin letters, in Cyrillic ones.

    Names are spared the ambiguous words (nadživeti, injekcija): in them lj, nj and dž are always one letter.
    """
    low, written, place = name.lower(), "", 0
    while place < len(low):
        pair = low[place : place + 2]
        letter = _DIGRAPHS.get(pair) or _LETTERS.get(low[place], low[place])
        written += letter.upper() if name[place].isupper() else letter
        place += 2 if pair in _DIGRAPHS else 1
    return written
