"""What registers said of a person suggests services, and only what no rule refuses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from i18n.text import LANGUAGES
from services.catalogue import suited
from services.catalogue.load import catalogue
from services.registers.because import READ, because
from services.registers.facts import FACTS
from tests.unit.applications.people import AGIM, ARTA, BESNIK, LEKA, REGISTERS, vehicle

TODAY = date(2026, 11, 23)


def _suggested(facts: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    return {one.service.id: one.facts for one in suited.suited(catalogue().all(), facts, TODAY)}


def test_besnik_may_renew_one_car_though_the_other_two_have_lapsed() -> None:
    assert _suggested(REGISTERS[BESNIK])["registration-renewal"] == ("vehicles",)
    lapsed = {**REGISTERS[BESNIK], "vehicles": [vehicle("04-777-EF", inspection_valid_until="2026-10-02")]}
    assert "registration-renewal" not in _suggested(lapsed)


def test_one_rule_that_does_not_hold_is_enough() -> None:
    assert "basic-pension" not in _suggested(REGISTERS[ARTA]), "she is 36, though the rest holds"
    assert "basic-pension" in _suggested(
        {**REGISTERS[ARTA], "pensions": [], "person": {**REGISTERS[ARTA]["person"], "birthdate": "1950-01-01"}}
    )


def test_a_child_suggests_what_is_for_children_as_long_as_it_is_young_enough() -> None:
    assert "children" in _suggested(REGISTERS[ARTA])["child-allowance"]
    assert "child-allowance" not in _suggested(REGISTERS[BESNIK]), "he has no child"
    grown = {**REGISTERS[ARTA], "children": [{**LEKA, "birthdate": "2009-02-03"}]}
    assert "child-allowance" not in _suggested(grown)


def test_what_a_silent_register_would_say_suggests_nothing() -> None:
    assert _suggested({}) == {}
    held = {name: value for name, value in REGISTERS[ARTA].items() if name != "vehicles"}
    assert "registration-renewal" not in _suggested(held)


def test_agim_without_anything_is_suggested_nothing_that_needs_an_address() -> None:
    assert "residence-certificate" not in _suggested(REGISTERS[AGIM])


def test_debts_income_and_convictions_are_not_read_for_a_suggestion() -> None:
    assert not {"convictions", "tax_status", "tax_debts", "income"} & set(READ)
    assert suited.needs(catalogue().all()) & set(READ)


def test_a_reason_is_said_in_every_language_and_by_the_number() -> None:
    said = because("vehicles", [{}, {}])
    assert said
    assert [said.say(language) for language in LANGUAGES] == [
        "Sepse keni 2 automjete",
        "Jer imate 2 vozila",
        "Because you have 2 vehicles",
    ]
    for name in READ:
        value: Any = [{"year": 2026}] if FACTS[name].many else {"since": "2026-01-01"}
        for held in (value, None):
            reason = because(name, held)
            assert (reason is None) is (name in {"person", "address"})
            assert all("%(" not in reason.say(language) for language in LANGUAGES if reason)
