"""A card is checked as typed; only demo cards are taken."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.sandbox.card import DEMO_CARDS, check, luhn

TODAY = date(2026, 11, 23)
GOOD = {"number": "4242 4242 4242 4242", "expiry": "09/30", "cvc": "123"}


def errors(**typed: str) -> dict[str, str]:
    return {field: error.message for field, error in check(GOOD | typed, TODAY)[1].items()}


def test_the_demo_card_that_pays_is_taken_however_it_is_spaced() -> None:
    for number in ("4242424242424242", "4242 4242 4242 4242", " 4242-4242-4242-4242 "):
        card, wrong = check(GOOD | {"number": number}, TODAY)
        assert not wrong
        assert card is not None
        assert (card.pays, card.last_four) == (True, "4242")


def test_the_other_demo_card_is_declined() -> None:
    card, _wrong = check(GOOD | {"number": "4000 0000 0000 0002"}, TODAY)
    assert card is not None
    assert not card.pays


def test_every_field_says_what_is_missing_at_once() -> None:
    assert errors(number="", expiry="", cvc="") == {
        "number": "Enter the card number",
        "expiry": "Enter the expiry date",
        "cvc": "Enter the security code",
    }


@pytest.mark.parametrize("number", ["4242", "4242 4242 4242 424a", "٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢", "4" * 20])
def test_a_number_that_is_none_is_said_so(number: str) -> None:
    assert "12 to 19 digits" in errors(number=number)["number"]


def test_a_mistyped_digit_is_noticed() -> None:
    assert "a digit is wrong" in errors(number="4242 4242 4242 4243")["number"]


def test_a_real_card_is_turned_away() -> None:
    assert "never a real card" in errors(number="5555 5555 5555 4444")["number"]


@pytest.mark.parametrize("expiry", ["11/26", "1126", "11 / 2026", "11.26", "12-26", "9/30", "11/46"])
def test_a_card_is_good_until_the_end_of_its_month(expiry: str) -> None:
    assert not errors(expiry=expiry)


@pytest.mark.parametrize(
    ("expiry", "says"),
    [
        ("10/26", "has expired"),
        ("12/25", "has expired"),
        ("13/30", "month and a year"),
        ("00/30", "month and a year"),
        ("soon", "month and a year"),
        ("12/47", "too far"),
    ],
)
def test_an_expiry_date_that_cannot_be_is_refused_with_its_reason(expiry: str, says: str) -> None:
    assert says in errors(expiry=expiry)["expiry"]


@pytest.mark.parametrize("cvc", ["12", "1234", "abc", "١٢٣"])
def test_a_security_code_is_three_digits(cvc: str) -> None:
    assert errors(cvc=cvc) == {"cvc": "The security code must be 3 digits"}


@given(st.text(alphabet="0123456789", min_size=11, max_size=18), st.integers(0, 18), st.integers(1, 9))
def test_luhn_notices_any_one_wrong_digit(start: str, place: int, off: int) -> None:
    number = next(start + digit for digit in "0123456789" if luhn(start + digit))
    at = place % len(number)
    assert not luhn(number[:at] + str((int(number[at]) + off) % 10) + number[at + 1 :])


def test_the_demo_cards_are_right_by_luhn() -> None:
    assert all(luhn(card.number) for card in DEMO_CARDS)
