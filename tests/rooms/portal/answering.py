"""Answers to whatever a service asks, as somebody gives them who has what it is about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import httpx

from services.applications.kinds.table import kind_of
from services.catalogue.question import Child, Choice, Date, File, Integer, Listed, LongText, Question, Text, YesNo
from services.catalogue.service import Service
from tests.files import pdf
from tests.rooms.portal.visitor import Filled, choices, form, section_of

# What is not taken as any other line or choice would be.
_KNOWN = {"another": "no", "other_grant": "no"}


def answers(page: httpx.Response, service: Service) -> dict[str, Filled]:
    """Return an answer to each question of the page: the first choice, one's last child, today, in a line a plate.

    What has a shape of its own is answered as in the definition's examples, or left empty.
    """
    lines = [name for name, value in form(page, f"/{section_of(page)}").fields.items() if not value]
    given: dict[str, Filled] = {**dict.fromkeys(lines, "01-000-AA"), **dict(reversed(choices(page)))}
    for name, value in (*_of_their_kind(page, service), *_KNOWN.items()):
        given |= {name: value} if name in given else {}
    section = service.section(section_of(page))
    for question in section.questions if section else ():
        if isinstance(question, File):
            given[question.id] = ("prova.pdf", pdf())
        elif not isinstance(question, Text | LongText | Choice | YesNo | Date | Integer | Listed):
            given |= _as_in_an_example(service, question)
    return given


def _as_in_an_example(service: Service, question: Question) -> dict[str, str]:
    found = (example.answers.get(question.id) for example in service.examples)
    answer = next((answer for answer in found if answer is not None), None)
    if answer is None:
        return {question.id: ""}
    sent = kind_of(question).fields(question, question.id, answer, {})
    return {name: values[0] for name, values in sent.items()}


def _of_their_kind(page: httpx.Response, service: Service) -> Iterator[tuple[str, str]]:
    """Yield fields that do not take a line or any choice."""
    today, last = date.today(), dict(choices(page))  # noqa: DTZ011 - as people know it
    for question in service.questions():
        if isinstance(question, Date):
            yield from ((f"{question.id}-{part}", str(getattr(today, part))) for part in ("day", "month", "year"))
        elif isinstance(question, Integer):
            yield question.id, str(max(question.least, 1))
        elif isinstance(question, Child) and question.id in last:
            yield question.id, last[question.id]
