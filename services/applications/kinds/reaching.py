"""How and where someone is reached: telephone, e-mail, address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from i18n.text import Sayable, Wording, _
from services.applications.kinds.kind import Data, Kind, Unfit, first, in_each
from services.applications.kinds.writing import too_long
from services.catalogue.question import ADDRESS, Address, Email, Option, Phone
from services.catalogue.rules import Values
from services.registers import municipality

_HOME = "XK"
_LONGEST = 200


class ByPhone(Kind[Phone]):
    """A telephone number: 044 123 456 or +383 44 123 456, and those of other countries with their code."""

    def read(self, question: Phone, typed: str, known: Values) -> str:
        """Return it as E.164 has it."""
        try:
            number = phonenumbers.parse(typed, _HOME)
        except phonenumbers.NumberParseException:
            number = None
        if number is None or not phonenumbers.is_valid_number(number):
            raise Unfit(_("“%(field)s” must be a telephone number, such as 044 123 456 or +383 44 123 456."))
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    def fields(self, question: Phone, name: str, answer: Any, known: Values) -> dict[str, list[str]]:
        """Return it as it is read."""
        return {name: [_readable(answer)]}

    def say(self, question: Phone, answer: Any, known: Values) -> Wording:
        """Return it in groups of digits."""
        return in_each(lambda _language: _readable(answer)) if answer else super().say(question, answer, known)


class ByEmail(Kind[Email]):
    """An e-mail address, by its shape alone."""

    def read(self, question: Email, typed: str, known: Values) -> str:
        """Return it with its domain in small letters."""
        try:
            return validate_email(typed, check_deliverability=False).normalized
        except EmailNotValidError:
            raise Unfit(_("“%(field)s” must be an e-mail address, such as name@example.com.")) from None


class AtAddress(Kind[Address]):
    """An address, its municipality chosen, settlement and street written: three fields, one answer."""

    def typed(self, question: Address, name: str, data: Data, known: Values) -> dict[str, str]:
        """Return the parts; nothing when all are empty."""
        parts = {part: first(data, f"{name}-{part}") for part in ADDRESS}
        return parts if any(parts.values()) else {}

    def lacking(self, question: Address, name: str, data: Data, known: Values) -> Mapping[str, Sayable]:
        """Return what to say of each part."""
        return {**_LACKING, "": question.missing or _LACKING[""]}

    def read(self, question: Address, typed: dict[str, str], known: Values) -> dict[str, str]:
        """Return the three parts."""
        wrong = {suffix: _LACKING[suffix] for part, suffix in SUFFIXES.items() if not typed[part]}
        if typed["municipality"] and typed["municipality"] not in municipality.all_of_them():
            wrong[""] = _LACKING[""]
        for part in ("settlement", "street"):
            if len(typed[part]) > _LONGEST:
                wrong[SUFFIXES[part]] = too_long(_LONGEST)
        if wrong:
            raise Unfit(wrong)
        return typed

    def fields(self, question: Address, name: str, answer: Any, known: Values) -> dict[str, list[str]]:
        """Return a field for each part."""
        return {f"{name}-{part}": [answer[part]] for part in ADDRESS}

    def options(self, question: Address, known: Values) -> list[Option]:
        """Return the municipalities."""
        return [Option(one.id, one.name) for one in municipality.all_of_them().values()]

    def say(self, question: Address, answer: Any, known: Values) -> Wording:
        """Return street, settlement, municipality in one line."""
        if not answer:
            return super().say(question, answer, known)
        name = municipality.name(answer["municipality"])
        return in_each(lambda language: ", ".join((answer["street"], answer["settlement"], name.say(language))))


# The first control bears the question's own name, so that what is said of the whole leads to it.
SUFFIXES = {"municipality": "", "settlement": "-settlement", "street": "-street"}
_LACKING: Mapping[str, Sayable] = {
    "": _("Choose the municipality of “%(field)s”."),
    "-settlement": _("Write the settlement of “%(field)s”: town or village."),
    "-street": _("Write the street and number of “%(field)s”."),
}


def _readable(number: str) -> str:
    return phonenumbers.format_number(phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.INTERNATIONAL)
