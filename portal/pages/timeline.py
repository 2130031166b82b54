"""What happened to an application and what comes next, with when, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from i18n.format import moment
from i18n.text import Language, Text, _
from services.applications.application import Application, State

Item = dict[str, str]


def timeline(application: Application, language: Language) -> list[Item]:
    """Return the steps of an application, done and to come, as templates/ui/status.html takes them."""
    return [
        {
            "text": text.say(language),
            "state": "done" if at else state,
            "moment": moment(at, language) if at else _("at once").say(language) if state == "later" else "",
        }
        for text, state, at in _steps(application)
    ]


def _steps(application: Application) -> Iterator[tuple[Text, str, datetime | None]]:
    state = application.state
    yield _("Begun"), "done", application.created_at
    if state is State.WITHDRAWN:
        yield _("Withdrawn"), "done", application.updated_at
        return
    yield _("Sent"), "now" if state is State.DRAFT else "done", application.submitted_at
    if state is State.REFUSED:
        yield _("Decided: refused"), "done", application.decided_at
        return
    if application.fee_cents:
        # Decided by rule in the moment of payment.
        paid_at = application.decided_at if state is not State.AWAITING_PAYMENT else None
        yield (_("Fee paid") if paid_at else _("Fee to be paid")), "now", paid_at
    yield _decided(application)
    is_next = state in {State.SUBMITTED, State.APPROVED}
    if application.issued_at:
        yield _("Document issued and sealed"), "done", application.issued_at
    else:
        yield _("Document, issued and sealed"), "now" if is_next else "later", None


def _decided(application: Application) -> tuple[Text, str, datetime | None]:
    if application.decided_at:
        return _("Decided: approved"), "done", application.decided_at
    return _("Decision, by rule"), "now" if application.state is State.SUBMITTED else "later", None
