"""How asking a register fails, in words for the person who waits for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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

    sentence = _(
        "The %(register)s holds no record of this person. Please ask at the civil status office of your municipality."
    )

    def __init__(self, register: Register, answers: Sequence[Answer]) -> None:
        super().__init__("not_recorded", _naming(register, self.sentence))
        self.register = register
        self.answers = answers


class TwoRecords(NotRecorded):
    """A register answered that it holds more than one record of this person, and does not choose."""

    sentence = _(
        "The %(register)s holds two records of this person and cannot tell which one is right, so it gives none. It has"
        " to be put in order there: ask who keeps the register, and then go on here. Nothing that you entered is lost."
    )


def refusal(answers: Sequence[Answer]) -> RegisterUnreachable | NotRecorded | None:
    """Return why not everything that was asked is here, or None when it is; a silent register comes first."""
    for outcome in ("unreachable", "refused"):
        for answer in answers:
            if answer.outcome == outcome:
                return _KINDS[answer.why or outcome](FACTS[answer.need.name].register, answers)
    return None


_KINDS: Mapping[str, type[RegisterUnreachable | NotRecorded]] = {
    "unreachable": RegisterUnreachable,
    "refused": NotRecorded,
    "unknown_person": NotRecorded,
    "two_records": TwoRecords,
}


def _naming(register: Register, sentence: Text) -> Wording:
    """Say the sentence with the register's name in each language: its words come with data, not from the catalogue."""
    said = (Text(sentence.message, values={"register": register.name.say(one)}).say(one) for one in LANGUAGES)
    return Wording(*said)
