"""What is chosen among what a definition offers: one of a few, any of a few, yes or no."""

from __future__ import annotations

from typing import Any, ClassVar

from i18n.text import Text, Wording, _, n_
from services.applications.kinds.kind import Data, Kind, Q, Unfit, clean, in_each
from services.catalogue.display import NOTHING, yes_or_no
from services.catalogue.question import Choice, Many, Option, YesNo
from services.catalogue.rules import Values

_YES_NO = {True: "yes", False: "no"}


class Chosen(Kind[Q]):
    """One of the options, kept as its value."""

    empty: ClassVar[Text] = _("Choose an answer to “%(field)s”.")

    def read(self, question: Q, typed: Any, known: Values) -> Any:
        """Return the value."""
        if all(option.value != typed for option in self.options(question, known)):
            raise unknown()
        return typed

    def say(self, question: Q, answer: Any, known: Values) -> Wording:
        """Return the option's words."""
        for option in self.options(question, known):
            if option.value == answer:
                return option.label
        return super().say(question, answer, known)


class OneOf(Chosen[Choice]):
    """One of a few."""

    def options(self, question: Choice, known: Values) -> list[Option]:
        """Return the definition's options."""
        return list(question.options)


class YesOrNo(Chosen[YesNo]):
    """Yes or no, kept as true or false."""

    def read(self, question: YesNo, typed: str, known: Values) -> bool:
        """Return whether it is yes."""
        return super().read(question, typed, known) == _YES_NO[True]

    def fields(self, question: YesNo, name: str, answer: Any, known: Values) -> dict[str, list[str]]:
        """Return yes or no."""
        return {name: [_YES_NO[answer]]}

    def options(self, question: YesNo, known: Values) -> list[Option]:
        """Return both."""
        return [Option(word, in_each(yes_or_no(answer).say)) for answer, word in _YES_NO.items()]

    def say(self, question: YesNo, answer: Any, known: Values) -> Wording:
        """Return the word."""
        return super().say(question, _YES_NO.get(answer), known)


class AnyOf(Kind[Many]):
    """Any of a few, kept as a list of values in the order of the options."""

    empty: ClassVar[Text] = _("Choose at least one answer to “%(field)s”.")

    def typed(self, question: Many, name: str, data: Data, known: Values) -> list[str]:
        """Return all that was ticked."""
        return [one for one in map(clean, data.get(name) or []) if one]

    def read(self, question: Many, typed: list[str], known: Values) -> list[str]:
        """Return the values in the order of the options."""
        values = [option.value for option in question.options]
        if not set(typed) <= set(values):
            raise unknown()
        chosen = [value for value in values if value in typed]
        if len(chosen) < question.least:
            raise Unfit(_too_few(question.least))
        if len(chosen) > question.most:
            raise Unfit(_too_many(question.most))
        return chosen

    def fields(self, question: Many, name: str, answer: Any, known: Values) -> dict[str, list[str]]:
        """Return the field once for each."""
        return {name: list(answer)}

    def options(self, question: Many, known: Values) -> list[Option]:
        """Return the definition's options."""
        return list(question.options)

    def say(self, question: Many, answer: Any, known: Values) -> Wording:
        """Return the words of all, in order."""
        chosen = [option.label for option in question.options if option.value in (answer or ())]
        return in_each(lambda language: "; ".join(label.say(language) for label in chosen) or NOTHING)


def unknown() -> Unfit:
    """Return what to raise for an answer that nobody offered."""
    return Unfit(_("Choose one of the answers to “%(field)s”."))


def _too_few(least: int) -> Text:
    return n_(
        "Choose at least %(count)s answer to “%(field)s”.",
        "Choose at least %(count)s answers to “%(field)s”.",
        least,
    )


def _too_many(most: int) -> Text:
    return n_(
        "Choose at most %(count)s answer to “%(field)s”. Take some away.",
        "Choose at most %(count)s answers to “%(field)s”. Take some away.",
        most,
    )
