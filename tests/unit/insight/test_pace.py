"""Within what decisions are made, as it is counted: the very percentiles of what happened, rounded up."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.applications.deadlines import working_days
from services.applications.duration import Duration, between
from services.insight.pace import percentile

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
HOUR = 3600
PERCENT = st.integers(1, 100)


@pytest.mark.parametrize(
    ("later", "within"),
    [
        (timedelta(0), Duration(0, 1)),
        (timedelta(seconds=-2), Duration(0, 1)),  # two clocks
        (timedelta(seconds=1.5), Duration(0, 2)),
        (timedelta(seconds=61), Duration(0, 120)),
        (timedelta(hours=1), Duration(0, HOUR)),
        (timedelta(hours=5), Duration(1, 0)),
        (timedelta(days=4), Duration(4, 0)),
        (timedelta(days=8), Duration(6, 0)),  # a weekend does not count
        (timedelta(days=3000), Duration(365, 0)),
    ],
)
def test_what_is_decided_at_once_is_counted_in_seconds_and_the_rest_in_working_days(
    later: timedelta, within: Duration
) -> None:
    assert between(MONDAY, MONDAY + later) == within


def test_what_is_sent_and_decided_on_a_sunday_took_a_day() -> None:
    sunday = MONDAY - timedelta(days=1)
    assert between(sunday, sunday + timedelta(hours=3)) == Duration(1, 0)


def exact(values: list[float], percent: int) -> float:
    """Return the percentile of values by nearest rank."""
    return sorted(values)[ceil(len(values) * percent / 100) - 1]


@given(st.lists(st.floats(0, HOUR), min_size=1, max_size=60), PERCENT)
def test_seconds_come_out_as_the_exact_percentile_rounded_up(seconds: list[float], percent: int) -> None:
    # What a datetime holds of it: whole microseconds.
    taken = [timedelta(seconds=each) for each in seconds]
    counts = Counter(between(MONDAY, MONDAY + each) for each in taken)
    wanted = exact([each.total_seconds() for each in taken], percent)
    assert percentile(counts.items(), percent) == between(MONDAY, MONDAY + timedelta(seconds=wanted))
    assert percentile(counts.items(), percent).seconds >= wanted


@given(st.lists(st.integers(1, 300), min_size=1, max_size=40), PERCENT)
def test_working_days_come_out_exactly(days: list[int], percent: int) -> None:
    counts = Counter(between(MONDAY, MONDAY + timedelta(days=each)) for each in days)
    later = [max(1, working_days(MONDAY.date(), MONDAY.date() + timedelta(days=each))) for each in days]
    assert percentile(counts.items(), percent) == Duration(int(exact(list(later), percent)), 0)


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 60)), min_size=1, max_size=40), PERCENT)
def test_so_many_are_within_and_fewer_would_not_be(taken: list[tuple[int, int]], percent: int) -> None:
    made = [Duration(days, 0 if days else seconds) for days, seconds in taken]
    found = percentile(Counter(made).items(), percent)
    assert sum(each <= found for each in made) * 100 >= percent * len(made)
    assert sum(each < found for each in made) * 100 < percent * len(made)


def test_of_nothing_there_is_no_percentile() -> None:
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 50)
