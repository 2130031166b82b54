"""Rules say what their author meant, and refuse rather than fail."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalogue import rules

VOCABULARY: dict[str, rules.Shape] = {
    "applicant": {"vehicles": [{"plate": None}], "person": {"father": {"given_name": None}}},
    "answers": {"purpose": None},
    "today": None,
}


def test_a_rule_reads_facts_and_answers() -> None:
    values = {"applicant": {"vehicles": [{"plate": "01-234-AB"}]}, "today": "2026-11-23"}
    assert rules.evaluate("applicant.vehicles.exists(v, v.plate == '01-234-AB') && today > '2026-01-01'", values)


@pytest.mark.parametrize(
    "rule",
    [
        "applicant.address.municipality == 'peje'",
        "applicant.nothing > 3",
        "unknown > 3",
        "applicant.vehicles[7].plate == ''",
        "applicant.vehicles > 3",
    ],
)
def test_a_rule_about_what_no_register_holds_is_unavailable_not_a_crash(rule: str) -> None:
    values: dict[str, object] = {"applicant": {"address": None, "vehicles": []}}
    with pytest.raises(rules.Unavailable):
        rules.evaluate(rule, values)
    assert rules.look(rule, values) is None
    assert rules.holds(rule, values) is False


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("today >", "does not compile"),
        ("yesterday == today", "unknown value: yesterday"),
        ("applicant.vehicles.exists(v, v.plat == '1')", "unknown value: v.plat"),
        ("applicant.vehicles[0].plat == '1'", "unknown value: applicant.vehicles.0.plat"),
        ("applicant.person.father.name == 'x'", "unknown value: applicant.person.father.name"),
        ("answers.purpos == 'x'", "unknown value: answers.purpos"),
        ("today.upper() == 'x'", "unknown function: upper"),
    ],
)
def test_what_a_rule_may_not_say_is_found_before_it_is_run(rule: str, reason: str) -> None:
    assert any(reason in problem for problem in rules.problems(rule, VOCABULARY))


@pytest.mark.parametrize(
    "rule",
    [
        "applicant.vehicles.exists(v, v.plate == 'a.b.c')",
        "size(applicant.vehicles) > 0 && has(applicant.person.father)",
        "applicant.person.father.given_name.startsWith('unknown')",
        "answers.purpose in ['x', \"y\"] ? plus_years(today, 1) > today : years('1990-01-01', today) >= 18",
        "applicant.vehicles[0].plate != null",
    ],
)
def test_a_rule_that_names_what_there_is_has_no_problem(rule: str) -> None:
    assert list(rules.problems(rule, VOCABULARY)) == []


@pytest.mark.parametrize(
    ("day", "count", "then"),
    [("2024-02-29", 1, "2025-02-28"), ("2024-02-29", 4, "2028-02-28"), ("2026-11-23", 1, "2027-11-23")],
)
def test_a_year_later_is_the_same_day(day: str, count: int, then: str) -> None:
    assert rules.evaluate(f"plus_years('{day}', {count})", {}) == then


@given(
    born=st.dates(min_value=date(1900, 1, 1)), today=st.dates(min_value=date(1900, 1, 1), max_value=date(9000, 1, 1))
)
def test_nobody_is_eighteen_before_the_birthday(born: date, today: date) -> None:
    age = rules.years(born.isoformat(), today.isoformat())
    assert (age >= 18) == (
        today.year - born.year > 18
        or (today.year - born.year == 18 and today.timetuple()[1:3] >= born.timetuple()[1:3])
    )


@pytest.mark.parametrize(
    ("day", "count", "later"),
    [("2026-08-31", 6, "2027-02-28"), ("2026-11-27", 6, "2027-05-27"), ("2026-12-31", 12, "2027-12-31")],
)
def test_months_later_is_the_same_day_or_the_last_of_a_shorter_month(day: str, count: int, later: str) -> None:
    assert rules.evaluate(f"plus_months('{day}', {count})", {}) == later
