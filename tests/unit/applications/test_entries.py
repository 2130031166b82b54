"""Several entries of the same questions are read row by row, and rows come and go without losing what was typed."""

from __future__ import annotations

import pytest

from i18n.refusal import Invalid
from services.applications import form
from tests.unit.applications.test_form import KNOWN
from tests.unit.applications.test_kinds import HOUSEHOLD, asked, said


def rows(*entries: dict[str, str]) -> dict[str, list[str]]:
    """Return what a browser sends of so many rows."""
    sent = {f"it-{row}-{name}": [value] for row, entry in enumerate(entries, 1) for name, value in entry.items()}
    return {"it-rows": [str(len(entries))], **sent}


def test_entries_are_read_row_by_row_and_empty_rows_do_not_count() -> None:
    page = asked("group", **HOUSEHOLD)
    data = rows({"name": "Era", "income": "12,50"}, {"name": " "}, {"name": "Leka", "income": "0", "born-day": "1"})
    data |= {"it-3-born-month": ["2"], "it-3-born-year": ["2018"], "it-3-marks": ["b", "a"]}
    kept = form.parse(page, data, KNOWN)["it"]
    assert kept == [
        {"name": "Era", "born": None, "income": 1250, "marks": None},
        {"name": "Leka", "born": "2018-02-01", "income": 0, "marks": ["a", "b"]},
    ]
    assert said(page, kept) == "1. Era, €12.50\n2. Leka, 1 February 2018, €0.00, A; B"


def test_what_is_wrong_in_entries_is_named_with_its_row() -> None:
    page = asked("group", **HOUSEHOLD)
    with pytest.raises(Invalid) as no:
        form.parse(page, rows({"name": "Era", "income": "much"}, {"income": "1"}), KNOWN)
    assert {name: sentence.say("en") for name, sentence in no.value.fields.items()} == {
        "it-1-income": "Member 1: Write “Income” as an amount in euro, such as 12.50.",
        "it-2-name": "Member 2: Fill in “Name”.",
    }


def test_too_few_entries_are_told_and_no_more_are_taken_than_may_be() -> None:
    page = asked("group", **{**HOUSEHOLD, "least": 2})
    with pytest.raises(Invalid) as no:
        form.parse(page, rows({"name": "Era", "income": "1"}), KNOWN)
    assert no.value.fields["it"].say("en") == "Add at least 2 entries to “The question”."
    many = rows(*({"name": f"Era {row}", "income": "1"} for row in range(9)))
    assert len(form.parse(page, many, KNOWN)["it"]) == 4
    with pytest.raises(Invalid) as no:
        form.parse(page, {}, KNOWN)
    assert list(no.value.fields) == ["it-1-name", "it-1-income", "it-2-name", "it-2-income"]
    assert form.parse(asked("group", **HOUSEHOLD, optional=True), rows({}), KNOWN) == {"it": None}


def test_a_row_is_added_and_taken_away_with_all_that_was_typed_kept() -> None:
    data = rows({"name": "Era"}, {"name": "Leka", "income": "5"}, {"name": "Ana"})
    assert form.reshaped(data) is None
    more = form.reshaped({**data, "rows": ["add it"]})
    assert more == {**data, "it-rows": ["4"]}
    fewer = form.reshaped({**data, "rows": ["remove it 2"]})
    assert fewer == {"it-rows": ["2"], "it-1-name": ["Era"], "it-2-name": ["Ana"]}
    assert form.reshaped({"rows": ["remove it 1"]}) == {"it-rows": ["1"]}
    assert form.reshaped({"rows": ["destroy it"]}) is None
