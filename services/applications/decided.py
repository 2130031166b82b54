"""What a decision says around its rows: who asked for what on which law, what came out, why, and what can be done.

By the general administrative procedure (Law No. 05/L-031, articles 47 to 49): introduction, operative part, reasoning,
legal remedy.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from i18n.format import day as written
from i18n.text import Sayable, Wording, _
from services.applications import deadlines, progress
from services.applications.application import Application
from services.catalogue.service import Service
from services.documents.decided import Decided
from services.registers.facts import FACTS


def decided(application: Application, service: Service, said: Sequence[str], day: date) -> Decided:
    """Return what a decision of a day says; `said` are the officers' own reasons, as they wrote them."""
    language, refusal = application.language, application.refusal

    def say(words: Sayable) -> str:
        return words.say(language)

    return Decided(
        introduction=say(_introduction(application, service, day)),
        outcome=say(_("The application is refused.") if refusal else _("The application is granted.")),
        reasons=(say(refusal.message),) if refusal else tuple(said) or tuple(map(say, _grounds(application, service))),
        remedy=say(_remedy(application, day)),
        is_granted=refusal is None,
    )


def title(application: Application, service: Service) -> Sayable:
    """Return what the document of an application is called: as its definition says, or a decision that refuses."""
    return refusal_of(service.names) if application.refusal else service.document.title


def refusal_of(service: Wording) -> Sayable:
    """Return what the decision is called that refuses a service."""
    return _("Decision on the application: %(service)s", service=service)


def about(application: Application, service: Service) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the section of a refusal: which service was asked for, about whom. Nothing else became of it."""
    language = application.language
    rows = [(_("Service"), service.names.say(language)), (_("Concerns"), progress.name_of(application, service))]
    return _("The application").say(language), tuple((label.say(language), value) for label, value in rows if value)


def _introduction(application: Application, service: Service, day: date) -> Sayable:
    return _(
        "%(institution)s decides on the application %(reference)s of %(day)s. Legal basis: %(laws)s.",
        institution=service.institution.names,
        reference=application.reference,
        day=_day(application.submitted_at or day, application),
        laws="; ".join(basis.cite.say(application.language) for basis in service.legal_basis),
    )


def _grounds(application: Application, service: Service) -> list[Sayable]:
    """Return why a rule granted it, or an officer who wrote nothing: what was looked at, and that all of it fits."""
    registers = dict.fromkeys(FACTS[fact.name].register.code for fact in application.facts)
    names = {FACTS[fact.name].register.code: FACTS[fact.name].register.name for fact in application.facts}
    asked = ", ".join(names[code].say(application.language) for code in registers)
    if service.processing.decision != "rule":
        met: Sayable = _("An officer examined the application. The conditions of the law are met.")
    else:
        met = _("The data of the registers and the answers were held against the conditions of the law. All are met.")
    return [met, _("Registers that were asked: %(registers)s.", registers=asked)] if asked else [met]


def _remedy(application: Application, day: date) -> Sayable:
    if application.refusal and application.desk:
        until = _day(day + deadlines.APPEAL_WITHIN, application)
        return _("You may appeal until %(day)s, in the portal on the page of this application.", day=until)
    return _("You may appeal at the institution within 30 days of receiving this decision.")


def _day(day: date | datetime, application: Application) -> str:
    return written(day, application.language)
