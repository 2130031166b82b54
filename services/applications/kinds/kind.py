"""What every kind of question can do: be read from a form, be written back into it, and be shown."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar, Generic, TypeVar

from i18n.format import day
from i18n.text import LANGUAGES, Language, Sayable, Text, Wording, _
from services.catalogue.display import show
from services.catalogue.question import Option, Question
from services.catalogue.rules import Values
from services.catalogue.shown import Format

Data = Mapping[str, Sequence[str]]
Q = TypeVar("Q", bound=Question)
_UNTYPED = ("Cc", "Zl", "Zp")


class Unfit(Exception):  # noqa: N818 - says what an answer is
    """What was typed cannot be taken: sentences by what follows the question's own field, "" for that one."""

    def __init__(self, sentences: Sayable | Mapping[str, Sayable]) -> None:
        super().__init__()
        self.sentences = sentences if isinstance(sentences, Mapping) else {"": sentences}


class Kind(Generic[Q]):
    """One line that is kept as it was typed; other kinds say what is different with them.

    `name` is the field that a question is asked in: its id, or within a group also the entry's number. `known` is what
    rules may name. A sentence says `%(field)s` for the question's label.
    """

    empty: ClassVar[Text] = _("Fill in “%(field)s”.")
    form: ClassVar[Format] = "text"

    def typed(self, question: Q, name: str, data: Data, known: Values) -> Any:
        """Return what was typed; "" or nothing where it was left empty."""
        return first(data, name)

    def lacking(self, question: Q, name: str, data: Data, known: Values) -> Sayable | Mapping[str, Sayable]:
        """Return what to say when it was left empty: the definition's own sentence, or the usual one."""
        return question.missing or self.empty

    def read(self, question: Q, typed: Any, known: Values) -> Any:
        """Return the answer as it is kept (JSON); raise Unfit when there is none in what was typed."""
        return typed

    def fields(self, question: Q, name: str, answer: Any, known: Values) -> dict[str, list[str]]:
        """Return a kept answer as a browser would send it."""
        return {name: [str(answer)]}

    def options(self, question: Q, known: Values) -> list[Option]:
        """Return what there is to choose from."""
        return []

    def say(self, question: Q, answer: Any, known: Values) -> Wording:
        """Return a kept answer as people read it."""
        return in_each(lambda language: show(answer, self.form, language))

    def take(self, question: Q, name: str, data: Data, known: Values) -> Any:
        """Return the answer that was typed, None where an optional one was left empty; Unfit says what is wrong."""
        typed = self.typed(question, name, data, known)
        if typed:
            return self.read(question, typed, known)
        if question.optional:
            return None
        raise Unfit(self.lacking(question, name, data, known))


def first(data: Data, name: str, *, lines: bool = False) -> str:
    """Return what was typed in a field; of a repeated one the first counts."""
    return clean((data.get(name) or [""])[0], lines=lines)


def clean(text: str, *, lines: bool = False) -> str:
    """Return what was typed as it is kept: NFC, trimmed, without what no one types (NUL, lone surrogates, controls)."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(
        letter if unicodedata.category(letter) not in _UNTYPED else "\n" if lines and letter == "\n" else " "
        for letter in text
        if letter != "\x00" and unicodedata.category(letter) not in ("Cs", "Cn")
    )
    return unicodedata.normalize("NFC", kept).strip()


def about(question: Question, sentence: Sayable) -> Wording:
    """Return the sentence in every language, naming the question by its label and writing days as the language does."""
    if isinstance(sentence, Wording):
        return sentence

    def say(language: Language) -> str:
        values = {
            name: day(value, language) if isinstance(value, date) else value for name, value in sentence.values.items()
        }
        return replace(sentence, values={**values, "field": question.label.say(language)}).say(language)

    return in_each(say)


def in_each(say: Callable[[Language], str]) -> Wording:
    """Return what is said in each language."""
    return Wording(*(say(language) for language in LANGUAGES))
