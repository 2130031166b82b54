"""What the document of an application says: its title, and sections of (label, value) in one language."""

from __future__ import annotations

from datetime import date
from typing import Any

from msgspec import UNSET, Struct

from i18n.text import Language
from services.applications import form, progress
from services.applications.application import Application
from services.catalogue.display import show
from services.catalogue.issued import Variant
from services.catalogue.rules import Values, holds, look
from services.catalogue.service import DocumentSection, Row, Service


class Content(Struct, frozen=True):
    """A document's words. `data` is the same for machines: every row's English label and its bare value."""

    kind: str
    title: str
    sections: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    note: str | None
    legal_basis: tuple[str, ...]
    data: dict[str, Any]
    variant: Variant
    since: str = ""
    until: str = ""
    conditions: tuple[str, ...] = ()


def content(
    application: Application, service: Service, language: Language, today: date, issued_on: date | None = None
) -> Content:
    """Return what is to be issued; a value that no register holds is written as a dash.

    `issued_on` is the day on which it begins to hold, where its rules name today; else `today`.
    """
    known = progress.values(application, service, today)
    document = service.document
    valid = _valid(service, {**known, "today": (issued_on or today).isoformat()})
    return Content(
        kind=document.kind,
        title=document.title.say(language),
        sections=document_sections(application, service, language, today),
        note=document.note.say(language) if document.note else None,
        legal_basis=tuple(basis.cite.say(language) for basis in service.legal_basis),
        data={section.title.en: _data(section, known) for section in document.sections} | valid,
        variant=service.variant(),
        since=_written(valid.get("valid_since"), language),
        until=_written(valid.get("valid_until"), language),
        conditions=() if document.conditions is UNSET else tuple(one.say(language) for one in document.conditions),
    )


def _valid(service: Service, known: Values) -> dict[str, object]:
    """Return the days from which and until which the document holds, where it says so."""
    valid = service.document.valid
    if valid is UNSET:
        return {}
    days = {"valid_since": valid.since, "valid_until": valid.until}
    return {name: look(rule, known) for name, rule in days.items() if rule}


def _written(day: object, language: Language) -> str:
    return show(day, "date", language) if day else ""


def document_sections(
    application: Application, service: Service, language: Language, today: date
) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Return the document's sections as (title, rows of (label, value)), without rows that do not apply."""
    known = progress.values(application, service, today)
    return tuple(
        (
            section.title.say(language),
            tuple(
                (row.label.say(language), _said(row, application, service, known, language))
                for row in _rows(section, known)
            ),
        )
        for section in service.document.sections
    )


def _rows(section: DocumentSection, known: Values) -> list[Row]:
    return [row for row in section.rows if holds(row.show_if, known)]


def _said(row: Row, application: Application, service: Service, known: Values, language: Language) -> str:
    """Return the value as it is written; an answer is written as it was chosen, not as it is kept."""
    for question in service.questions():
        if row.value == f"answers.{question.id}":
            return form.answer_text(question, application.answers.get(question.id), known).say(language)
    return show(look(row.value, known), row.format, language)


def _data(section: DocumentSection, known: Values) -> dict[str, Any]:
    return {row.label.en: _bare(row, look(row.value, known)) for row in _rows(section, known)}


def _bare(row: Row, value: object) -> object:
    """Return the value itself: a marital status comes with the sex that its wording needs."""
    return value.partition(" ")[0] if row.format == "marital_status" and isinstance(value, str) else value
