"""Numbers as people write them: whole ones, decimals in a unit, amounts of euro."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, ClassVar

from i18n import format as written
from i18n.text import Language, Text, Wording, _, n_
from services.applications.kinds.kind import Kind, Unfit, about, in_each
from services.catalogue.question import Integer, Money, Number
from services.catalogue.rules import Values
from services.catalogue.shown import Format

_SPACES = re.compile(r"[\s'’](?=[0-9]{3}(?![0-9]))")  # 1 200
_EURO = re.compile(r"^\s*(?:€|EUR\b)|(?:€|\bEUR|\beuro)\s*$", re.IGNORECASE)
_CENTS = 2


class WholeNumber(Kind[Integer]):
    """A whole number: 12000, 12 000 or 12.000."""

    def read(self, question: Integer, typed: str, known: Values) -> int:
        """Return the number."""
        bare = re.sub(r"[\s.,'’](?=\d{3}\b)", "", typed)
        if not re.fullmatch(r"[+-]?[0-9]{1,30}", bare):
            raise Unfit(_("Write “%(field)s” as a whole number, in digits."))
        if not question.least <= int(bare) <= question.most:
            raise Unfit(_("“%(field)s” must be from %(least)s to %(most)s.", least=question.least, most=question.most))
        return int(bare)


class Decimals(Kind[Number]):
    """A decimal number, kept exactly."""

    def read(self, question: Number, typed: str, known: Values) -> str:
        """Return the number without zeros at its end: "12.5"."""
        found = exact(typed, question.decimals)
        if found is None:
            raise Unfit(_shape(question))
        if not Decimal(question.least) <= found <= Decimal(question.most):
            raise Unfit(_bounds(question))
        return plain(found)

    def fields(self, question: Number, name: str, answer: Any, known: Values) -> dict[str, list[str]]:
        """Return the number with the point as comma, as it is written here."""
        return {name: [str(answer).replace(".", ",")]}

    def say(self, question: Number, answer: Any, known: Values) -> Wording:
        """Return the number with its unit."""
        if answer is None:
            return super().say(question, answer, known)
        return in_each(lambda language: _with_unit(question, Decimal(str(answer)), language))


class Euro(Kind[Money]):
    """An amount of euro: 12,50 or 12.50 or 1 200,50, with a sign of the euro or without; kept in cents."""

    form: ClassVar[Format] = "money"

    def read(self, question: Money, typed: str, known: Values) -> int:
        """Return the cents."""
        found = exact(_EURO.sub("", typed), _CENTS)
        if found is None:
            raise Unfit(_("Write “%(field)s” as an amount in euro, such as 12.50."))
        cents = int(found.scaleb(_CENTS))
        if not question.least <= cents <= question.most:
            raise Unfit(_amounts(question))
        return cents

    def fields(self, question: Money, name: str, answer: Any, known: Values) -> dict[str, list[str]]:
        """Return the amount with two digits for the cents."""
        return {name: [f"{Decimal(int(answer)).scaleb(-_CENTS):.2f}".replace(".", ",")]}


def exact(typed: str, decimals: int) -> Decimal | None:
    """Return the number that people write as 1200,5 or 1 200.5 or 1.200,5; None when it is none.

    A point or comma before three digits parts thousands, unless there may be three digits after the point.
    """
    parted = r"[0-9]{1,3}(?P<parts>[.,])[0-9]{3}(?:(?P=parts)[0-9]{3})*|" if decimals <= _CENTS else ""
    fraction = rf"(?:(?P<point>[.,])(?P<fraction>[0-9]{{1,{decimals}}}))?" if decimals else ""
    found = re.fullmatch(rf"(?P<whole>[+-]?(?:{parted}[0-9]{{1,30}})){fraction}", _SPACES.sub("", typed.strip()))
    if found is None:
        return None
    parts = found.groupdict()
    if parts.get("point") and parts["point"] == parts.get("parts"):
        return None
    whole = re.sub(r"[.,]", "", parts["whole"])
    return Decimal(f"{whole}.{parts.get('fraction') or 0}") + 0  # no negative zero


def plain(number: Decimal) -> str:
    """Return the number without zeros at its end and without an exponent."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _with_unit(question: Number, number: Decimal, language: Language) -> str:
    said = written.number(number, language)
    return f"{said} {question.unit.say(language)}" if question.unit else said


def _shape(question: Number) -> Text:
    if not question.decimals:
        return _("Write “%(field)s” as a whole number, in digits.")
    return n_(
        "Write “%(field)s” as a number in digits, such as 12.5, with at most %(count)s digit after the point.",
        "Write “%(field)s” as a number in digits, such as 12.5, with at most %(count)s digits after the point.",
        question.decimals,
    )


def _bounds(question: Number) -> Wording:
    sentence = _("“%(field)s” must be from %(least)s to %(most)s.")
    least, most = (Decimal(bound) for bound in (question.least, question.most))

    def say(language: Language) -> str:
        values = {"least": written.number(least, language), "most": _with_unit(question, most, language)}
        return about(question, Text(sentence.message, values=values)).say(language)

    return in_each(say)


def _amounts(question: Money) -> Wording:
    sentence = _("“%(field)s” must be from %(least)s to %(most)s.")

    def say(language: Language) -> str:
        values = {
            "least": written.money(question.least, language),
            "most": written.money(question.most, language),
        }
        return about(question, Text(sentence.message, values=values)).say(language)

    return in_each(say)
