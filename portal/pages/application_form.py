"""What the pages of a form show: pure, from the application and its service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from i18n.refusal import NotFound, Refused
from i18n.text import Language, Sayable, Wording, _, n_
from portal.pages.question_field import fields_of
from services.applications import company, form, progress
from services.applications.application import Application
from services.catalogue import decision
from services.catalogue.company import SAYS_WHO_ACTS
from services.catalogue.question import Asset
from services.catalogue.rules import Unavailable, Values
from services.catalogue.service import Section, Service
from services.registers.facts import FACTS, Fact, Register, item_rows, rows
from services.signing import representative

Data = Mapping[str, Sequence[str]]


def next_page(application: Application, service: Service, now: datetime) -> str:
    """Return the address, below the application's own, of the first page not done: a section, or the check."""
    pages = progress.pages(application, service, progress.day(now))
    current = next((page for page in pages if page.current), None)
    return f"sections/{current.section_id}" if current else "check"


def question_page(
    application: Application,
    service: Service,
    section_id: str,
    language: Language,
    now: datetime,
    *,
    typed: Data | None,
) -> dict[str, Any]:
    """Return the context of templates/pages/question.html; NotFound when this case does not ask that section."""
    known = progress.values(application, service, progress.day(now))
    shown = progress.shown(service, known)
    ids = [section.id for section in shown]
    if section_id not in ids:
        raise NotFound
    step = ids.index(section_id)
    section = shown[step]
    sent = typed if typed is not None else form.typed(section, application.answers, known)
    objection = progress.stop(application, service, progress.day(now))
    base = f"/{language}/applications/{application.id}"
    return {
        "section": "applications",
        "application": application,
        "service": service,
        "page": section,
        "fields": fields_of(progress.asked(section, known), sent, known, language),
        "step": step + 1,
        "steps": len(shown) + 1,
        "stop": objection.message if objection else None,
        "silent": silent(application, service, now),
        "back": f"{base}/sections/{ids[step - 1]}" if step else f"/{language}/applications",
    }


def check_page(
    application: Application, service: Service, language: Language, now: datetime, personal_number: str
) -> dict[str, Any]:
    """Return the context of templates/pages/check.html, for the person with that number."""
    today = progress.day(now)
    known = progress.values(application, service, today)
    shown = progress.shown(service, known)
    objection = progress.stop(application, service, today)
    base = f"/{language}/applications/{application.id}"
    fee = _fee(application, service, now) if objection is None else None
    is_signed = decision.signers(service, known) != "none"
    return {
        "section": "applications",
        "application": application,
        "service": service,
        "answers": [row for section in shown for row in _answers(application, section, known, base, language)],
        "facts": [
            _fact(fact, _chosen(fact, service, known), language)
            | {"wrong_href": f"{base}/facts/{fact.message_id}/correction", "disputed": fact.disputed}
            for fact in _in_order(application, service)
        ],
        "silent": silent(application, service, now),
        "owed": [FACTS[need.name].label for need in progress.owed(service, application, now)],
        "fee": fee,
        "is_signed": is_signed,
        "next_steps": _next_steps(service, fee or 0, is_signed=is_signed),
        "exemption": exemption(application, service, now),
        "stop": objection.message if objection else None,
        "company": company.of(application, service),
        "others": [] if objection else _others(service, known, personal_number),
        "back": f"{base}/sections/{shown[-1].id}" if shown else f"/{language}/applications",
        "errors": {},
    }


def exemption(application: Application, service: Service, now: datetime) -> Wording | None:
    """Return why it costs less than usual, in words; None where it does not."""
    holds = progress.exemption(application, service, progress.day(application.submitted_at or now))
    return holds.label if holds else None


def silent(application: Application, service: Service, now: datetime) -> list[Register]:
    """Return the registers that still owe this application something, each once."""
    owing = (FACTS[need.name].register for need in progress.owed(service, application, now))
    return list(dict.fromkeys(owing))


def revision(data: Data) -> int:
    """Return the revision that a form was shown with; -1, which no application has, when there is none."""
    sent = (data.get("revision") or [""])[0]
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else -1  # noqa: PLR2004 - fits an integer


def _answers(
    application: Application, section: Section, known: Values, base: str, language: Language
) -> list[dict[str, Any]]:
    return [
        {
            "key": question.label.say(language),
            "value": form.answer_text(question, application.answers.get(question.id), known).say(language),
            "change_href": f"{base}/sections/{section.id}",
        }
        for question in progress.asked(section, known)
    ]


def _in_order(application: Application, service: Service) -> list[Fact]:
    """Return the facts as the service names them, whenever each was fetched."""
    names = [need.name for need in service.facts]
    return sorted(application.facts, key=lambda fact: names.index(fact.name))


def _chosen(fact: Fact, service: Service, known: Values) -> Mapping[str, Any] | None:
    """Return the one record of a list that the application is about, such as the vehicle that was chosen; or None."""
    assets = (question for question in service.questions() if isinstance(question, Asset))
    return next((known["chosen"][asset.id] for asset in assets if asset.fact == fact.name), None)


def _fact(fact: Fact, chosen: Mapping[str, Any] | None, language: Language) -> dict[str, Any]:
    said = item_rows(fact.name, chosen, language) if chosen else rows(fact, language)
    return {
        "label": FACTS[fact.name].label.say(language),
        "register": FACTS[fact.name].register.name,
        "fetched_at": fact.fetched_at,
        "rows": [{"key": key, "value": value} for key, value in said],
    }


def _next_steps(service: Service, fee: int, *, is_signed: bool) -> list[Sayable]:
    """Return what happens once it is sent, step by step."""
    signs: list[Sayable] = [_("You sign it with your eID.")] if is_signed else []
    pays: list[Sayable] = [_("You pay by card or e-banking.")] if fee else []
    days = service.processing.days
    if service.processing.decision == "rule" and not days:
        return [*signs, *pays, _("The document is issued at once.")]
    decides = n_(
        "The office decides within %(count)s working day.", "The office decides within %(count)s working days.", days
    )
    return [*signs, *pays, decides]


def _others(service: Service, known: Values, personal_number: str) -> list[str]:
    """Return the names of those who sign for the company beside her."""
    if decision.signers(service, known) != "company":
        return []
    try:
        return [one.name for one in representative.others(known["company"].get(SAYS_WHO_ACTS), personal_number)]
    except Refused:  # it is said when she sends it
        return []


def _fee(application: Application, service: Service, now: datetime) -> int | None:
    try:
        return progress.fee(application, service, progress.day(now))
    except Unavailable:
        return None
