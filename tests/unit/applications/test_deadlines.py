"""By when an office has to decide: weekends, holidays and pauses do not count."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.applications import deadlines

DAYS = st.dates(date(2026, 1, 1), date(2035, 12, 31))
LIMITS = st.integers(1, 60)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (date(2026, 11, 23), 1, date(2026, 11, 24)),
        (date(2026, 11, 27), 1, date(2026, 11, 30)),  # from Friday to Monday
        (date(2026, 12, 24), 1, date(2026, 12, 28)),  # Christmas is a Friday
        (date(2026, 12, 31), 3, date(2027, 1, 8)),  # New Year, a Saturday's Monday, Orthodox Christmas
        (date(2026, 5, 8), 1, date(2026, 5, 12)),  # Europe Day is a Saturday: Monday is free
    ],
)
def test_a_time_limit_counts_the_days_on_which_offices_work(start: date, days: int, due: date) -> None:
    assert deadlines.due_on(start, days) == due


@given(start=DAYS, days=LIMITS)
def test_a_time_limit_ends_on_a_working_day_and_has_as_many_as_it_says(start: date, days: int) -> None:
    due = deadlines.due_on(start, days)
    assert deadlines.is_working(due)
    assert deadlines.working_days(start, due) == days


@given(start=DAYS, days=LIMITS, later=st.integers(0, 30))
def test_who_begins_later_is_not_due_earlier(start: date, days: int, later: int) -> None:
    assert deadlines.due_on(start, days) <= deadlines.due_on(start + timedelta(days=later), days)


@given(start=DAYS, days=LIMITS, worked=st.integers(0, 90), away=st.integers(0, 60))
def test_a_pause_leaves_as_many_working_days_as_there_were(start: date, days: int, worked: int, away: int) -> None:
    due, paused = deadlines.due_on(start, days), start + timedelta(days=worked)
    resumed = paused + timedelta(days=away)
    after = deadlines.resumed(due, paused, resumed)
    if due < paused:
        assert after == due
    else:
        assert after >= due
        assert deadlines.working_days(resumed, after) == deadlines.working_days(paused, due)


def test_a_day_that_the_government_frees_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    decided = {date(2026, 11, 24): False, date(2026, 11, 28): True}
    monkeypatch.setattr(deadlines, "_decided", lambda: decided)
    assert deadlines.due_on(date(2026, 11, 23), 1) == date(2026, 11, 25)
    assert deadlines.due_on(date(2026, 11, 27), 1) == date(2026, 11, 28)
