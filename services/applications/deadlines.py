"""Time limits in working days: by when a decision is due, and what a pause does to that.

A day on which nobody works does not count; nor does the day on which the time begins (Law 05/L-031 on general
administrative procedure). Days are days in Kosovo.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from holidays import country_holidays

_DAY = timedelta(days=1)
_SATURDAY = 5
REPLY_WITHIN = timedelta(days=15)  # for what an officer asks her; a demo value
APPEAL_DECIDED_WITHIN = timedelta(days=30)  # from the day on which it was made (Law 05/L-031)
APPEAL_WITHIN = timedelta(days=30)  # from the day of the decision (Law 05/L-031)
DECIDED = Path(__file__).with_name("working_days.csv")
_WORKS: Mapping[str, bool] = {"on": True, "off": False}


def due_on(start: date, days: int) -> date:
    """Return the last day of a time limit of so many working days that begins on `start`."""
    day = start
    for _each in range(days):
        day = _next_working(day)
    return day


def working_days(after: date, until: date) -> int:
    """Return how many working days there are after one day up to another; 0 when that is not later."""
    return sum(is_working(after + _DAY * step) for step in range(1, (until - after).days + 1))


def resumed(due: date, paused_on: date, resumed_on: date) -> date:
    """Return the last day of a time limit that stood still between two days: as many working days remain as did.

    One that had passed already when it was paused stays passed.
    """
    return due if due < paused_on else due_on(resumed_on, working_days(paused_on, due))


def is_working(day: date) -> bool:
    """Tell whether offices work on this day."""
    works = decided(DECIDED).get(day)
    if works is not None:
        return works
    return day.weekday() < _SATURDAY and day not in _holidays(day.year)


def _next_working(day: date) -> date:
    day += _DAY
    while not is_working(day):
        day += _DAY
    return day


@cache
def _holidays(year: int) -> frozenset[date]:
    """Return the year's official holidays, with the Mondays that make up for weekends."""
    return frozenset(country_holidays("XK", years=year))


@cache
def decided(path: Path) -> Mapping[date, bool]:
    """Return on which days the government decided that offices work, and on which not; ValueError for a wrong line."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    return dict(_decided(path.name, row) for row in rows)


def _decided(name: str, row: Mapping[str, str]) -> tuple[date, bool]:
    try:
        return date.fromisoformat(row["day"]), _WORKS[row["works"]]
    except (KeyError, ValueError):
        said = ",".join(str(value) for value in row.values())
        raise ValueError(f"{name}: '{said}' is not a day as 2026-12-31, on or off, and why") from None
