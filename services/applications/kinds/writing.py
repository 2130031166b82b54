"""Text in one line or in several, and days."""

from __future__ import annotations

import re
from datetime import date
from typing import Any, ClassVar

from i18n.text import Text, _, n_
from services.applications.kinds.kind import Data, Kind, Unfit, first
from services.catalogue.question import Date, LongText
from services.catalogue.question import Text as OneLine
from services.catalogue.rules import Values
from services.catalogue.shown import Format

PARTS = ("day", "month", "year")
_ISO = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})")
_DAY = re.compile(r"(?P<day>[0-9]{1,2})[ ./-]+(?P<month>[0-9]{1,2})[ ./-]+(?P<year>[0-9]{4})\.?")


class Line(Kind[OneLine]):
    """One line."""

    def read(self, question: OneLine, typed: str, known: Values) -> str:
        """Return the text."""
        return within(typed, question.max_length)


class Lines(Kind[LongText]):
    """Several lines, which stay."""

    def typed(self, question: LongText, name: str, data: Data, known: Values) -> str:
        """Return the lines."""
        return first(data, name, lines=True)

    def read(self, question: LongText, typed: str, known: Values) -> str:
        """Return the text."""
        return within(typed, question.max_length)


class Day(Kind[Date]):
    """A day, in three fields or as people write it in one."""

    form: ClassVar[Format] = "date"

    def typed(self, question: Date, name: str, data: Data, known: Values) -> str:
        """Return the three parts as one text, else the one field."""
        parts = [first(data, f"{name}-{part}") for part in PARTS]
        return ".".join(parts) if any(parts) else first(data, name)

    def read(self, question: Date, typed: str, known: Values) -> str:
        """Return an ISO day of `2026-11-23`, `23.11.2026`, `23/11/2026` or `23 11 2026`."""
        day = _real(typed)
        earliest, latest = (
            known["today"] if bound == "today" else bound for bound in (question.earliest, question.latest)
        )
        if earliest and day < earliest:
            raise Unfit(_("“%(field)s” must be %(day)s or later.", day=date.fromisoformat(earliest)))
        if latest and day > latest:
            raise Unfit(_("“%(field)s” must be %(day)s or earlier.", day=date.fromisoformat(latest)))
        return day

    def fields(self, question: Date, name: str, answer: Any, known: Values) -> dict[str, list[str]]:
        """Return the three parts."""
        year, month, day = str(answer).split("-")
        return {f"{name}-day": [day], f"{name}-month": [month], f"{name}-year": [year]}


def within(typed: str, most: int) -> str:
    """Return the text; Unfit when it is longer."""
    if len(typed) <= most:
        return typed
    raise Unfit(too_long(most))


def too_long(most: int) -> Text:
    """Return what to say of a text that is longer."""
    return n_(
        "“%(field)s” may have at most %(count)s character. Shorten it.",
        "“%(field)s” may have at most %(count)s characters. Shorten it.",
        most,
    )


def _real(typed: str) -> str:
    found = _ISO.fullmatch(typed) or _DAY.fullmatch(typed)
    year, month, day = (int(found[part]) for part in ("year", "month", "day")) if found else (0, 0, 0)
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        raise Unfit(_("“%(field)s” must be a real day. Write day, month and year, such as 23 11 2026.")) from None
