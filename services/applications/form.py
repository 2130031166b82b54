"""Reads what a browser sends for one page of questions: typed answers, or every field's error at once.

A field's name is its question's id; what has several fields (a day, an address, entries) adds to it, see `kinds/`.
What is chosen from a register's list is typed while that register is silent: a vehicle by its plate, a child by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from i18n.refusal import Invalid
from i18n.text import Sayable, Wording
from services.applications.asking import is_asked
from services.applications.kinds.group import reshaped
from services.applications.kinds.kind import Data, Unfit, about, clean
from services.applications.kinds.table import kind_of
from services.catalogue.computed import reckoned
from services.catalogue.question import Option, Question, seen
from services.catalogue.rules import Values, holds, look
from services.catalogue.service import Section

__all__ = ["Data", "answer_text", "clean", "options", "parse", "reshaped", "typed"]


def parse(section: Section, data: Data, known: Values, computations: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return the section's answers by question id; raise Invalid with a sentence for every field that cannot be taken.

    `known` is what is known before (see `progress.values`), `computations` what the service computes of it, for rules
    over several answers. Questions that are not asked in this case are left out. Answers are JSON values, or None for
    an optional one left empty.
    """
    answers: dict[str, Any] = {}
    errors: dict[str, Sayable] = {}
    so_far = known
    for question in section.questions:
        if not holds(section.show_if, so_far) or not is_asked(question, so_far):
            continue
        try:
            answers[question.id] = kind_of(question).take(question, question.id, data, so_far)
        except Unfit as unfit:
            answers[question.id] = None
            errors |= {question.id + part: about(question, said) for part, said in unfit.sentences.items()}
        so_far = {**so_far, "answers": {**so_far["answers"], question.id: seen(question, answers[question.id])}}
    if errors := errors or _together(section, reckoned(so_far, computations or {})):
        raise Invalid(errors)
    return answers


def _together(section: Section, known: Values) -> dict[str, Sayable]:
    """Return what is wrong with answers that are right each alone: the first sentence at each question."""
    said: dict[str, Sayable] = {}
    for validation in section.validations():
        if look(validation.rule, known) is False:
            said.setdefault(validation.at, validation.message)
    return said


def typed(section: Section, answers: Mapping[str, Any], known: Values) -> dict[str, list[str]]:
    """Return kept answers as a browser would send them, to fill the page with."""
    fields: dict[str, list[str]] = {}
    for question in section.questions:
        if (answer := answers.get(question.id)) is not None:
            fields |= kind_of(question).fields(question, question.id, answer, known)
    return fields


def options(question: Question, known: Values) -> list[Option]:
    """Return what there is to choose from: the definition's options, oneself and one's children, or one's assets."""
    return kind_of(question).options(question, known)


def answer_text(question: Question, answer: object, known: Values) -> Wording:
    """Return an answer as people read it, on the check page and on the document."""
    return kind_of(question).say(question, answer, known)
