"""A field of a fact: where it stands, how it is called, and how its value is said."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from i18n.format import day as written_day
from i18n.format import money
from i18n.text import LOCALES, Language, Wording
from services.registers import municipality as municipalities

Item = Mapping[str, Any]
Say = Callable[[Any, Item, Language], str]


def text(value: Any, _item: Item, _language: Language) -> str:  # noqa: ANN401 - whatever JSON holds
    """Say a value as it stands."""
    return str(value)


def day(value: str, _item: Item, language: Language) -> str:
    """Say a date."""
    return written_day(date.fromisoformat(value), language)


def municipality(value: str, _item: Item, language: Language) -> str:
    """Say a municipality by its name."""
    return municipalities.name(value).say(language)


def country(value: str, _item: Item, language: Language) -> str:
    """Say a country by its name."""
    names = cast("Mapping[str, str]", LOCALES[language].territories)
    return names.get(value, value)


def cents(value: int, _item: Item, language: Language) -> str:
    """Say an amount of money."""
    return money(value, language)


def yes_no(value: bool, _item: Item, language: Language) -> str:  # noqa: FBT001 - the value is one
    """Say yes or no."""
    return (_YES if value else _NO).say(language)


def unit(name: str) -> Say:
    """Return what says a number with its unit."""
    return lambda value, _item, _language: f"{value} {name}"


@dataclass(frozen=True, slots=True)
class Word:
    """Says a code by its word; a code that is new is said as it stands."""

    words: Mapping[str, Wording]

    def __call__(self, value: Any, _item: Item, language: Language) -> str:  # noqa: ANN401 - whatever JSON holds
        """Return the word in the language."""
        return self.words[value].say(language) if value in self.words else str(value)


_YES, _NO = Wording("po", "da", "yes"), Wording("jo", "ne", "no")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a fact: where it stands (`entry.book`), its label, and how its value is said."""

    path: str
    label: Wording
    say: Say = text

    def of(self, item: Item) -> Any:  # noqa: ANN401 - whatever JSON holds
        """Return the field's value in `item`, or None when none is recorded."""
        value: Any = item
        for name in self.path.split("."):
            value = None if value is None else value.get(name)
        return value
