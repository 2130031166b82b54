"""Writes dates, times, money and numbers as the reader's language does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal
from jinja2 import Environment, pass_context
from jinja2.runtime import Context

from i18n.text import LOCALES, Language

KOSOVO = ZoneInfo("Europe/Belgrade")  # the tz database's zone for Pristina
_MEGABYTE = 1_000_000  # bytes, as people's devices count


def day(value: date, language: Language) -> str:
    """Return `23.11.2026`; in English `23 November 2026`."""
    value = value.astimezone(KOSOVO).date() if isinstance(value, datetime) else value
    return format_date(value, "d MMMM y" if language == "en" else "dd.MM.yyyy", locale=LOCALES[language])


def moment(value: datetime, language: Language) -> str:
    """Return the day and the 24-hour time in Kosovo: `23.11.2026 14:05` (CLDR gives Albanian a 12-hour clock)."""
    here = value.astimezone(KOSOVO)
    return f"{day(here.date(), language)} {here:%H:%M}"


def month(value: date, language: Language) -> str:
    """Return `nëntor 2026`."""
    return format_date(value, "LLLL y", locale=LOCALES[language])


def money(cents: int, language: Language) -> str:
    """Return an amount of euro given in cents: `1,00 €`, in English `€1.00`."""
    return format_currency(cents / 100, "EUR", locale=LOCALES[language])


def number(value: float | Decimal, language: Language) -> str:
    """Return a number with the language's own separators."""
    return format_decimal(value, locale=LOCALES[language])


def size(count: int, language: Language) -> str:
    """Return how large a file of so many bytes is: `340 kB`, `2,1 MB`, in English `2.1 MB`."""
    if count < _MEGABYTE:
        return f"{number(-(-count // 1000), language)} kB"
    return f"{number(round(count / _MEGABYTE, 1), language)} MB"


def install(environment: Environment) -> None:
    """Give a Jinja environment the filters `day`, `moment`, `month`, `money`, `number` and `size`."""
    filters = cast("dict[str, Any]", environment.filters)
    for write in (day, moment, month, money, number, size):
        filters[write.__name__] = _in_context(write)


def _in_context(write: Callable[[Any, Language], str]) -> Callable[[Context, Any], str]:
    @pass_context
    def written(context: Context, value: Any) -> str:  # noqa: ANN401 - a filter takes what the template has
        return write(value, context["language"])

    return written
