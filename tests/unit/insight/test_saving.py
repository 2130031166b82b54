"""What a person was spared is counted low, and adds up."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from services.insight.saving import Saving, of_application, total
from services.registers.facts import FACTS, Fact

ADDRESS = {"municipality": "peje", "settlement": "Pejë", "street": "Haxhi Zeka", "number": "1", "postal_code": "30000"}


def a_fact(name: str, value: Any) -> Fact:  # noqa: ANN401 - JSON
    return Fact(name, "1176042318", value, FACTS[name].register.code, datetime(2026, 11, 23, tzinfo=UTC), uuid4())


def test_each_field_and_each_document_counts_once() -> None:
    saving = of_application([a_fact("address", ADDRESS)])
    assert saving == Saving(applications=1, fields=5, documents=1)
    assert (saving.minutes, saving.cents) == (5 * 15 // 60 + 45, 100)


def test_what_a_register_does_not_hold_spared_nothing() -> None:
    assert of_application([a_fact("children", []), a_fact("address", None)]) == Saving(applications=1)


def test_of_a_list_one_item_is_counted() -> None:
    born = {"given_name": "Lis", "family_name": "Krasniqi"}
    assert of_application([a_fact("children", [born, born, born])]).fields == 2


def test_savings_add_up() -> None:
    assert total([Saving(1, 5, 1), Saving(2, 3, 4)]) == Saving(3, 8, 5)
    assert total([]) == Saving()
