"""Each kind of question has a control that tells the browser what is typed there, and keeps what was typed."""

from __future__ import annotations

from typing import Any

import pytest

from portal.pages.application_form import check_page
from portal.pages.question_field import CONTROLS, fields_of
from services.applications.kinds.table import KINDS
from tests.unit.applications.people import DRITA, NOW, draft, service
from tests.unit.applications.test_form import KNOWN, W
from tests.unit.applications.test_kinds import HOUSEHOLD, OPTIONS, asked

MOVED = {
    "new_address": {"municipality": "prizren", "settlement": "Prizren", "street": "Remzi Ademi 4"},
    "moved_on": "2026-11-01",
    "home": "own",
}


def shown(kind: str, sent: dict[str, list[str]], **more: Any) -> dict[str, Any]:  # noqa: ANN401 - as asked() takes it
    return fields_of(asked(kind, **more).questions, sent, KNOWN, "sq")[0]


def test_every_kind_has_a_control() -> None:
    assert set(CONTROLS) == set(KINDS)


@pytest.mark.parametrize(
    ("kind", "type_", "inputmode", "autocomplete"),
    [
        ("integer", "text", "numeric", None),
        ("number", "text", "decimal", None),
        ("money", "text", "decimal", None),
        ("personal_number", "text", "numeric", "off"),
        ("phone", "tel", None, "tel"),
        ("email", "email", None, "email"),
    ],
)
def test_a_line_tells_the_browser_which_keys_to_show_and_what_to_fill_in(
    kind: str, type_: str, inputmode: str | None, autocomplete: str | None
) -> None:
    control = shown(kind, {})["control"]
    assert (control.type, control.inputmode, control.autocomplete) == (type_, inputmode, autocomplete)


def test_what_was_typed_fills_every_control_again() -> None:
    assert shown("money", {"it": ["12,5x"]})["value"] == "12,5x"
    assert shown("many", {"it": ["a", "z"]}, options=OPTIONS)["value"] == ["a", "z"]
    assert shown("date", {"it-day": ["41"]})["value"] == {"day": "41", "month": "", "year": ""}
    address = shown("address", {"it-street": ["Mark Isaku"]})
    assert address["value"] == {"municipality": "", "settlement": "", "street": "Mark Isaku"}
    assert len(address["options"]) == 38
    rows = shown("group", {"it-rows": ["2"], "it-2-name": ["Era"]}, **HOUSEHOLD)["rows"]
    assert [(row[0]["name"], row[0]["value"]) for row in rows] == [
        ("it-1-name", ""),
        ("it-2-name", "Era"),
    ]
    assert not rows[0][0]["is_own"]


def test_money_and_numbers_say_their_unit_beside_the_field() -> None:
    assert shown("money", {})["prefix"] == "€"
    assert shown("number", {}, unit=W)["suffix"] == "Pyetja"


def test_the_check_says_why_less_is_due() -> None:
    definition = service("residence-change")
    page = check_page(draft("residence-change", DRITA, MOVED), definition, "en", NOW, DRITA)
    assert page["fee"] == 0
    assert page["exemption"].say("en") == "By the register you draw a disability pension"
    assert {row["key"]: row["value"] for row in page["answers"]}["New address"] == "Remzi Ademi 4, Prizren, Prizren"
