"""By when an office has to decide: weekends, holidays and pauses do not count."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

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


MONDAY, SATURDAY = date(2026, 11, 30), date(2026, 12, 5)


@pytest.fixture
def announced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a year in which the government decided otherwise on a Monday and on a Saturday."""
    path = tmp_path / "working_days.csv"
    path.write_text(f"# of a year\nday,works,why\n{MONDAY},off,mourning\n{SATURDAY},on,made up for it\n", "utf-8")
    monkeypatch.setattr(deadlines, "DECIDED", path)
    return path


@pytest.mark.usefixtures("announced")
def test_what_the_government_decides_about_a_day_counts() -> None:
    friday = MONDAY - timedelta(days=3)
    assert (deadlines.is_working(MONDAY), deadlines.is_working(SATURDAY)) == (False, True)
    assert deadlines.due_on(friday, 1) == MONDAY + timedelta(days=1)
    assert deadlines.due_on(SATURDAY - timedelta(days=1), 1) == SATURDAY
    assert deadlines.working_days(friday, SATURDAY) == 5
    assert deadlines.resumed(SATURDAY, friday, SATURDAY + timedelta(days=2)) == date(2026, 12, 14)


@pytest.mark.parametrize(
    "line", ["2026-02-30,off,no such day", "2026-12-31,perhaps,", "31.12.2026,on,written otherwise"]
)
def test_a_line_that_says_nothing_is_refused_with_what_it_says(announced: Path, line: str) -> None:
    wrong = announced.with_name("wrong.csv")
    wrong.write_text(f"day,works,why\n{line}\n", "utf-8")
    with pytest.raises(ValueError, match=line.partition(",")[0]):
        deadlines.decided(wrong)


def test_the_file_of_the_project_can_be_read() -> None:
    assert isinstance(deadlines.decided(deadlines.DECIDED), dict)
