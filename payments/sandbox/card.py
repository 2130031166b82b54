"""Checks a card as typed. Only the demo cards listed on the page are taken; a real card is turned away unread."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from i18n.text import Text, _

_EXPIRY = re.compile(r"([0-9]{1,2})\s*[/.-]?\s*((?:20)?[0-9]{2})")
_LONGEST_VALIDITY = 20  # years
_DECEMBER = 12


@dataclass(frozen=True, slots=True)
class DemoCard:
    """A number for demonstration, and whether its bank pays."""

    number: str
    pays: bool

    @property
    def shown(self) -> str:
        """The number in groups of four, as on a card."""
        return " ".join(self.number[i : i + 4] for i in range(0, len(self.number), 4))

    @property
    def last_four(self) -> str:
        """All that is kept of a card."""
        return self.number[-4:]


DEMO_CARDS = (DemoCard("4242424242424242", pays=True), DemoCard("4000000000000002", pays=False))


def check(typed: Mapping[str, str], today: date) -> tuple[DemoCard | None, dict[str, Text]]:
    """Return the demo card that was typed (fields number, expiry, cvc), or every field's error."""
    number = re.sub(r"[\s-]", "", typed.get("number", ""))
    card = next((card for card in DEMO_CARDS if card.number == number), None)
    found = {
        "number": None if card else _number_error(number),
        "expiry": _expiry_error(typed.get("expiry", "").strip(), today),
        "cvc": _cvc_error(typed.get("cvc", "").strip()),
    }
    errors = {field: error for field, error in found.items() if error}
    return (None if errors else card), errors


def _number_error(number: str) -> Text:
    if not number:
        return _("Enter the card number")
    if not re.fullmatch(r"[0-9]{12,19}", number):
        return _("The card number must be 12 to 19 digits")
    if not luhn(number):
        return _("Check the card number: a digit is wrong")
    return _("This is a demonstration: use one of the test cards listed here, never a real card")


def luhn(number: str) -> bool:
    """Whether the last digit is right (ISO/IEC 7812-1, annex B)."""
    digits = [int(digit) for digit in reversed(number)]
    return sum(digits[0::2] + [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]) % 10 == 0


def _expiry_error(expiry: str, today: date) -> Text | None:
    if not expiry:
        return _("Enter the expiry date")
    parts = _EXPIRY.fullmatch(expiry)
    if not parts or not 1 <= int(parts[1]) <= _DECEMBER:
        return _("The expiry date must be a month and a year, such as 09/30")
    month, year = int(parts[1]), 2000 + int(parts[2]) % 100
    if (year, month) < (today.year, today.month):
        return _("The card has expired: check the expiry date")
    if year > today.year + _LONGEST_VALIDITY:
        return _("The expiry date is too far in the future")
    return None


def _cvc_error(cvc: str) -> Text | None:
    if not cvc:
        return _("Enter the security code")
    return None if re.fullmatch(r"[0-9]{3}", cvc) else _("The security code must be 3 digits")
