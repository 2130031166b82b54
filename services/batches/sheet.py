"""A batch as the sheet that its officer signs: the reasons, and each application with what it asks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from i18n.text import Language, Wording, _
from services.applications import form, progress
from services.applications.application import Application
from services.catalogue.service import Service
from services.documents.issue import Section, Sheet, compose

_TITLE, _REASONS, _COUNT = _("Approval of applications"), _("Reasons of the decision"), _("Applications")
_APPLICANT, _DECISION = _("Applicant"), _("Decision")
_STATED = _("Whoever signs approves each application of this list, for the reasons stated.")


def composed(  # noqa: PLR0917 - a sheet says all of this
    found: Sequence[tuple[Application, str]],
    service: Service,
    office: Wording,
    officer: str,
    text: str,
    now: datetime,
    fonts: Path,
) -> bytes:
    """Return the sheet as a PDF; `found` are the applications, each with its applicant's name."""
    language = found[0][0].language
    head = Section(
        _DECISION.say(language),
        (
            (_COUNT.say(language), str(len(found))),
            (service.names.say(language), ", ".join(application.reference for application, _name in found)),
            (_REASONS.say(language), text),
        ),
    )
    return compose(
        Sheet(
            title=_TITLE.say(language),
            institution=(office.say(language),),
            language=language,
            reference=found[0][0].reference,
            code="",
            verify_url="",
            issued_at=now,
            sections=(head, *(_case(application, name, service, language) for application, name in found)),
            legal_basis="; ".join(basis.cite.say(language) for basis in service.legal_basis),
            data=_data([one for one, _name in found], service, text),
            signers=(officer,),
            statement=_STATED.say(language),
        ),
        fonts,
    )


def answered(application: Application, service: Service, language: Language) -> tuple[tuple[str, str], ...]:
    """Return what an application asks, as (question, answer)."""
    known = progress.values(application, service, progress.day(application.submitted_at or application.updated_at))
    return tuple(
        (
            question.label.say(language),
            form.answer_text(question, application.answers.get(question.id), known).say(language),
        )
        for section in progress.shown(service, known)
        for question in progress.asked(section, known)
    )


def _data(found: Sequence[Application], service: Service, text: str) -> dict[str, Any]:
    return {
        "service": {"id": service.id, "version": service.version},
        "decision": "approved",
        "reasons": text,
        "applications": [
            {"reference": one.reference, "revision": one.revision, "answers": one.answers} for one in found
        ],
    }


def _case(application: Application, name: str, service: Service, language: Language) -> Section:
    about = (_APPLICANT.say(language), name)
    return Section(application.reference, (about, *answered(application, service, language)))
