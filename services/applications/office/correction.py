"""Which answers an office may ask for again, and the answers that come: nothing else of the application changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from msgspec import UNSET
from msgspec.structs import replace

from services.applications import form, progress
from services.applications.application import Application
from services.catalogue.computed import leans_on
from services.catalogue.fee import FixedFee
from services.catalogue.question import Listed, Question
from services.catalogue.service import Section, Service


def questions(application: Application, service: Service, today: date) -> list[Question]:
    """Return the questions of this case that may be asked again.

    Not those on which something else hangs that is settled: whom or what it is about, the fee, what is asked next,
    which office works it; and nothing of what was signed.
    """
    if service.signing().by != "none":
        return []
    known = progress.values(application, service, today)
    hangs_on = {name for source in _settled(service) for name in leans_on(source, service.computations())}
    return [
        question
        for section in progress.shown(service, known)
        for question in progress.asked(section, known)
        if not isinstance(question, Listed) and question.id not in hangs_on
    ]


def section(application: Application, service: Service, asked: tuple[str, ...], today: date) -> Section:
    """Return the questions that were asked again, as one page; whatever can no longer be asked is left out."""
    first = service.sections[0]
    named = tuple(question for question in questions(application, service, today) if question.id in asked)
    together = (each for one in service.sections for each in one.validations() if each.at in asked)
    asked_again = tuple(replace(question, show_if=None) for question in named)
    return Section("reply", first.title, asked_again, validation=tuple(together))


def corrected(
    application: Application,
    service: Service,
    page: Section,
    data: form.Data,
    today: date,
    *,
    attached: Mapping[str, Any],
) -> Mapping[str, Any]:
    """Return all answers with those of the page in place of the former ones; Invalid says what is wrong with each.

    `attached` is by question what files there are now.
    """
    known = {**progress.values(application, service, today), "attached": attached}
    return application.answers | form.parse(page, data, known, service.computations())


def _settled(service: Service) -> Iterator[str]:
    if not isinstance(service.fee, FixedFee):
        yield service.fee.by
    if service.processing.municipality is not UNSET:
        yield service.processing.municipality
    for section in service.sections:
        yield from (condition.show_if for condition in (section, *section.questions) if condition.show_if)
