"""Reads what a browser sends for one page of questions: typed answers, or every field's error at once.

A field's name is its question's id; a date has three, `<id>-day`, `<id>-month` and `<id>-year`. What is chosen from a
register's list is typed while that register is silent: a vehicle by its plate, a child by its first name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Annotated, Any, cast

from pydantic import AfterValidator, BeforeValidator, Field, TypeAdapter, ValidationError, ValidationInfo
from pydantic_core import PydanticCustomError

from i18n.format import day
from i18n.refusal import Invalid
from i18n.text import LANGUAGES, Language, Sayable, Text, Wording, _, n_
from services.applications import progress
from services.applications.progress import SELF, children, is_asked, is_unlisted
from services.catalogue.display import show, yes_or_no
from services.catalogue.rules import Values, holds
from services.catalogue.service import Asset, Child, Choice, Date, Integer, LongText, Option, Question, Section, YesNo
from services.catalogue.service import Text as OneLine

Data = Mapping[str, Sequence[str]]
OTHER = "child"  # a child of whom only the first name can be typed, in the field `<id>-name`
_PARTS = ("day", "month", "year")
_LONGEST_NAME = 100


def parse(section: Section, data: Data, known: Values) -> dict[str, Any]:
    """Return the section's answers by question id; raise Invalid with a sentence for every field that cannot be taken.

    `known` is what is known before (see `progress.values`). Questions that are not asked in this case are left out.
    Answers are JSON values: text, int, bool, "YYYY-MM-DD", or None for an optional one left empty.
    """
    answers: dict[str, Any] = {}
    errors: dict[str, Sayable] = {}
    for question in section.questions:
        so_far = {**known, "answers": {**known["answers"], **answers}}
        if not holds(section.show_if, so_far) or not is_asked(question, so_far):
            continue
        raw = _raw(question, data, so_far)
        if not raw:
            answers[question.id] = None
            if not question.optional:
                errors[question.id] = _unanswered(question, data, so_far)
            continue
        try:
            answers[question.id] = _reader(question).validate_python(raw, context=so_far)
        except ValidationError as error:
            errors[question.id] = _about(question, _sentence(question, error))
    if errors:
        raise Invalid(errors)
    return answers


def typed(section: Section, answers: Mapping[str, Any], known: Values) -> dict[str, list[str]]:
    """Return kept answers as a browser would send them, to fill the page with."""
    fields: dict[str, list[str]] = {}
    for question in section.questions:
        answer = answers.get(question.id)
        if answer is None:
            continue
        if isinstance(question, Date):
            year, month, day = str(answer).split("-")
            fields |= {f"{question.id}-day": [day], f"{question.id}-month": [month], f"{question.id}-year": [year]}
        elif isinstance(question, Child) and answer != SELF and is_unlisted(question, known):
            fields |= {question.id: [OTHER], f"{question.id}-name": [str(answer)]}
        else:
            fields[question.id] = [_YES_NO[answer] if isinstance(answer, bool) else str(answer)]
    return fields


def options(question: Question, known: Values) -> list[Option]:
    """Return what there is to choose from: the definition's options, oneself and one's children, or one's assets."""
    if isinstance(question, Choice):
        return list(question.options)
    if isinstance(question, YesNo):
        return [Option(word, _words(yes_or_no(answer))) for answer, word in _YES_NO.items()]
    if isinstance(question, Child):
        return [
            Option(SELF, _words(_("For myself"))),
            *([Option(OTHER, _words(_("For my child")))] if is_unlisted(question, known) else []),
            *(_child(number, one) for number, one in children(known).items()),
        ]
    if isinstance(question, Asset):
        return [_asset(question, record) for record in progress.records(known, question.fact)]
    return []


def answer_text(question: Question, answer: object, known: Values) -> Wording:
    """Return an answer as people read it, on the check page and on the document."""
    for option in options(question, known):
        if option.value == (_YES_NO[answer] if isinstance(answer, bool) else answer):
            return option.label
    form = "date" if isinstance(question, Date) else "text"
    return Wording(*(show(answer, form, language) for language in LANGUAGES))


def clean(text: str, *, lines: bool = False) -> str:
    """Return what was typed as it is kept: NFC, trimmed, without what no one types (NUL, lone surrogates, controls)."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(
        letter if unicodedata.category(letter) not in _UNTYPED else "\n" if lines and letter == "\n" else " "
        for letter in text
        if letter != "\x00" and unicodedata.category(letter) not in ("Cs", "Cn")
    )
    return unicodedata.normalize("NFC", kept).strip()


_UNTYPED = ("Cc", "Zl", "Zp")
_ISO = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})")
_DAY = re.compile(r"(?P<day>[0-9]{1,2})[ ./-]+(?P<month>[0-9]{1,2})[ ./-]+(?P<year>[0-9]{4})\.?")
_YES_NO = {True: "yes", False: "no"}


def _raw(question: Question, data: Data, known: Values) -> str:
    """Return what was typed, as one text: of a repeated field the first counts."""
    if isinstance(question, Child) and is_unlisted(question, known) and _first(data, question.id) == OTHER:
        return _first(data, f"{question.id}-name")
    if isinstance(question, Date):
        parts = [_first(data, f"{question.id}-{part}") for part in _PARTS]
        return ".".join(parts) if any(parts) else _first(data, question.id)
    return _first(data, question.id, lines=isinstance(question, LongText))


def _first(data: Data, name: str, *, lines: bool = False) -> str:
    sent = data.get(name) or [""]
    return clean(sent[0], lines=lines)


# Typed values -------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def _reader(question: Question) -> TypeAdapter[Any]:
    """Return what reads one question's answer: built once for each question of each version."""
    if isinstance(question, OneLine | LongText):
        return TypeAdapter(Annotated[str, Field(max_length=question.max_length)])
    if isinstance(question, Integer):
        return TypeAdapter(Annotated[int, BeforeValidator(_digits), Field(ge=question.least, le=question.most)])
    if isinstance(question, Date):
        return TypeAdapter(Annotated[str, BeforeValidator(_day), AfterValidator(_within(question))])
    if isinstance(question, YesNo):
        return TypeAdapter(Annotated[bool, BeforeValidator(_yes_or_no)])
    return TypeAdapter(Annotated[str, AfterValidator(_one_of(question))])


def _digits(typed: str) -> int:
    bare = re.sub(r"[\s.,'’](?=\d{3}\b)", "", typed)  # 12 000 and 12.000
    if not re.fullmatch(r"[+-]?[0-9]{1,30}", bare):
        raise PydanticCustomError("whole_number", "not a whole number")
    return int(bare)


def _day(typed: str) -> str:
    """Return an ISO day of `2026-11-23`, `23.11.2026`, `23/11/2026` or `23 11 2026`."""
    found = _ISO.fullmatch(typed) or _DAY.fullmatch(typed)
    year, month, day = (int(found[part]) for part in ("year", "month", "day")) if found else (0, 0, 0)
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        raise PydanticCustomError("real_date", "not a day") from None


def _within(question: Date) -> Callable[[str, ValidationInfo], str]:
    def check(day: str, info: ValidationInfo) -> str:
        today = _known(info)["today"]
        earliest, latest = (today if bound == "today" else bound for bound in (question.earliest, question.latest))
        if earliest and day < earliest:
            raise PydanticCustomError("too_early", "too early", {"day": date.fromisoformat(earliest)})
        if latest and day > latest:
            raise PydanticCustomError("too_late", "too late", {"day": date.fromisoformat(latest)})
        return day

    return check


def _yes_or_no(typed: str) -> bool:
    for answer, word in _YES_NO.items():
        if typed == word:
            return answer
    raise PydanticCustomError("unknown_choice", "neither yes nor no")


def _one_of(question: Question) -> Callable[[str, ValidationInfo], str]:
    def check(typed: str, info: ValidationInfo) -> str:
        if is_unlisted(question, _known(info)):
            if len(typed) > _LONGEST_NAME:
                raise PydanticCustomError("string_too_long", "too long", {"max_length": _LONGEST_NAME})
            return typed
        if all(option.value != typed for option in options(question, _known(info))):
            raise PydanticCustomError("unknown_choice", "not one of the options")
        return typed

    return check


def _known(info: ValidationInfo) -> Values:
    return cast("Values", info.context)


# Sentences ----------------------------------------------------------------------------------------------------------


def _unanswered(question: Question, data: Data, known: Values) -> Sayable:
    """Return what to say of a question left empty: the definition's own sentence, unless it has to be typed here."""
    if isinstance(question, Child) and is_unlisted(question, known) and _first(data, question.id) == OTHER:
        return _("Write the first name of your child.")
    if isinstance(question, Asset) and is_unlisted(question, known):
        return _about(question, _("Fill in “%(field)s”."))
    return question.missing or _about(question, _empty(question))


def _empty(question: Question) -> Text:
    if isinstance(question, Choice | YesNo | Child | Asset):
        return _("Choose an answer to “%(field)s”.")
    return _("Fill in “%(field)s”.")


def _sentence(question: Question, error: ValidationError) -> Text:
    first = error.errors(include_url=False, include_input=False)[0]
    if first["type"] == "string_too_long":
        most = int(first.get("ctx", {})["max_length"])
        return n_(
            "“%(field)s” may have at most %(count)s character. Shorten it.",
            "“%(field)s” may have at most %(count)s characters. Shorten it.",
            most,
        )
    if isinstance(question, Integer) and first["type"] != "whole_number":
        return _("“%(field)s” must be from %(least)s to %(most)s.", least=question.least, most=question.most)
    return Text(_SENTENCES[first["type"]].message, values=first.get("ctx", {}))


_SENTENCES: Mapping[str, Text] = {
    "whole_number": _("Write “%(field)s” as a whole number, in digits."),
    "real_date": _("“%(field)s” must be a real day. Write day, month and year, such as 23 11 2026."),
    "too_early": _("“%(field)s” must be %(day)s or later."),
    "too_late": _("“%(field)s” must be %(day)s or earlier."),
    "unknown_choice": _("Choose one of the answers to “%(field)s”."),
}


def _about(question: Question, sentence: Text) -> Wording:
    """Return the sentence in every language, naming the question by its label and writing days as the language does."""

    def say(language: Language) -> str:
        values = {
            name: day(value, language) if isinstance(value, date) else value for name, value in sentence.values.items()
        }
        return replace(sentence, values={**values, "field": question.label.say(language)}).say(language)

    return Wording(*(say(language) for language in LANGUAGES))


def _words(sentence: Text) -> Wording:
    return Wording(*(sentence.say(language) for language in LANGUAGES))


# Options ------------------------------------------------------------------------------------------------------------


def _child(number: str, child: Mapping[str, Any]) -> Option:
    name = f"{child['given_name']} {child['family_name']}"
    born = _("Born %(day)s")
    hint = Wording(
        *(
            replace(born, values={"day": show(child["birthdate"], "date", language)}).say(language)
            for language in LANGUAGES
        )
    )
    return Option(number, Wording(name, name, name), hint)


def _asset(question: Asset, record: Mapping[str, Any]) -> Option:
    def fill(words: Wording) -> Wording:
        def say(language: Language) -> str:
            shown = {name: show(value, question.formats.get(name, "text"), language) for name, value in record.items()}
            return words.say(language).format(**shown)

        return Wording(*(say(language) for language in LANGUAGES))

    return Option(str(record[question.key]), fill(question.title), fill(question.detail) if question.detail else None)
