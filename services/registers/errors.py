"""How asking a register fails, in words for the person who waits for it."""

from __future__ import annotations

from collections.abc import Sequence

from i18n.refusal import Refused, Unreachable
from i18n.text import LANGUAGES, Text, Wording, _
from services.registers.facts import FACTS, Answer, Register


class RegisterUnreachable(Unreachable):
    """A register was silent, late, or sent what cannot be believed. `answers`: how all that was asked fared."""

    def __init__(self, register: Register, answers: Sequence[Answer]) -> None:
        sentence = _(
            "The %(register)s does not answer at the moment. Nothing that you entered is lost. Please try again in a"
            " few minutes."
        )
        super().__init__("register_unreachable", _naming(register, sentence))
        self.register = register
        self.answers = answers


class NotRecorded(Refused):
    """A register answered that it holds no such person. `answers`: how all that was asked fared."""

    def __init__(self, register: Register, answers: Sequence[Answer]) -> None:
        sentence = _(
            "The %(register)s holds no record of this person. Please ask at the civil status office of your"
            " municipality."
        )
        super().__init__("not_recorded", _naming(register, sentence))
        self.register = register
        self.answers = answers


def refusal(answers: Sequence[Answer]) -> RegisterUnreachable | NotRecorded | None:
    """Return why not everything that was asked is here, or None when it is; a silent register comes first."""
    for outcome, kind in (("unreachable", RegisterUnreachable), ("refused", NotRecorded)):
        for answer in answers:
            if answer.outcome == outcome:
                return kind(FACTS[answer.need.name].register, answers)
    return None


def _naming(register: Register, sentence: Text) -> Wording:
    """Say the sentence with the register's name in each language: its words come with data, not from the catalogue."""
    said = (Text(sentence.message, values={"register": register.name.say(one)}).say(one) for one in LANGUAGES)
    return Wording(*said)
