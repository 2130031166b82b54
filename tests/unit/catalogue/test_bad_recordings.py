"""What registers are told is checked when a definition is read: each fault is refused with its place and reason."""

from __future__ import annotations

import pytest

from tests.unit.catalogue.test_bad_definitions import MOVE, RENEWAL, Plant, plant

__all__ = ["plant"]
TAX = "tax/property-tax-payment"


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        (MOVE, "register: addresses", "register: homes", "$.recorded_in[0]: there is no register named homes"),
        (MOVE, "service: residence", "service: home", "addresses lets itself be told nothing by a service named home"),
        (MOVE, "      since: answers.moved_on\n", "", "fields: addresses/residence needs since"),
        (MOVE, "      since: answers", "      until: answers.moved_on\n      since: answers", "has no field until"),
        (MOVE, "      since: answers.moved_on", "      since: answers.moved", "unknown value: answers.moved"),
        (MOVE, "      since: answers.moved_on", "      since: answers.moved_on +", "fields.since: does not compile"),
        (
            MOVE,
            "      since: answers.moved_on",
            "      since: \"'today'\"",
            "would tell addresses/residence what it does",
        ),
        (MOVE, "municipality: answers.new_address.municipality", "municipality: \"'paris'\"", "does not take: "),
        (MOVE, "after: decision", "after: lunch", "recorded_in[0].after"),
        (MOVE, "after: decision", "only_if: answers.rich\n    after: decision", "unknown value: answers.rich"),
        (MOVE, "after: decision", "about: company\n    after: decision", "about: nobody applies for a company here"),
        (MOVE, "after: decision", "colour: red\n    after: decision", "unknown field `colour`"),
        (TAX, "bill: chosen.bill.number", "bill: chosen.bill.colour", "unknown value: chosen.bill.colour"),
        (TAX, "application.reference", "application.secret", "unknown value: application.secret"),
        (TAX, "amount_cents: application.fee_cents", "amount_cents: \"'much'\"", "Expected `int`"),
        ("civil/name-change", "after: decision", "after: payment", "after: there is no payment: it costs nothing"),
        (RENEWAL, "en: The renewed registration of the vehicle.", "de: Zulassung", "purpose: the text is missing in"),
    ],
)
def test_what_no_register_would_take_is_refused(plant: Plant, name: str, old: str, new: str, says: str) -> None:
    assert says in plant(name, old, new)
