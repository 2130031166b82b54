"""The application as a sheet that people sign: all that they answered, what the registers said, and the fee."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from i18n.format import moment, money, size
from i18n.text import Language, Text, _
from services.applications import company, form, progress
from services.applications.application import Application
from services.applications.kinds.attaching import files
from services.catalogue import decision
from services.catalogue.question import Asset
from services.catalogue.rules import Values
from services.catalogue.service import Service
from services.documents.issue import Section, Sheet, compose
from services.registers.facts import FACTS, Fact, item_rows, rows
from services.signing.signature import Signature

_APPLICATION, _SERVICE, _APPLICANT, _FEE = _("The application"), _("Service"), _("Applicant"), _("Fee")
_COMPANY, _DISPUTED = _("On behalf of"), _("Called wrong by the applicant, case")
_ATTACHED = _("Attached files")
_ANSWERS, _FREE, _SOURCE = _("What was answered"), _("Free of charge"), _("From the register, on")


def frozen(application: Application, service: Service, signatures: Sequence[Signature], fonts: Path) -> bytes:
    """Return the application as a PDF; the same application gives the same bytes."""
    language, known = application.language, progress.values(application, service, _day(signatures))
    return compose(
        Sheet(
            title=_("Application: %(service)s", service=service.names.say(language)).say(language),
            institution=(service.institution.names.say(language),),
            language=language,
            reference=application.reference,
            code="",
            verify_url="",
            issued_at=signatures[0].asked_at,
            sections=tuple(_sections(application, service, signatures, known)),
            legal_basis="; ".join(basis.cite.say(language) for basis in service.legal_basis),
            data=_data(application, service, signatures),
            signers=tuple(", ".join(filter(None, (one.name, reason(application, service)))) for one in signatures),
        ),
        fonts,
    )


def reason(application: Application, service: Service) -> str:
    """Return what a signature states of itself beside whose it is, in the application's language: for which company."""
    acted_for = company.of(application, service)
    return _("on behalf of %(company)s", company=acted_for.written).say(application.language) if acted_for else ""


def _day(signatures: Sequence[Signature]) -> Any:  # noqa: ANN401 - a day
    return progress.day(signatures[0].asked_at)


def _sections(
    application: Application, service: Service, signatures: Sequence[Signature], known: Values
) -> list[Section]:
    language = application.language
    cents, acted_for = application.fee_cents or 0, company.of(application, service)
    exempt = decision.exemption(service, known)
    less = (exempt.label.say(language),) if exempt else ()
    about = (
        (_said(_SERVICE, language), service.names.say(language)),
        (_said(_APPLICANT, language), signatures[0].name),
        *([(_said(_COMPANY, language), acted_for.written)] if acted_for else []),
        (_said(_FEE, language), ". ".join((money(cents, language) if cents else _FREE.say(language), *less))),
    )
    answers = tuple(
        (
            question.label.say(language),
            form.answer_text(question, application.answers.get(question.id), known).say(language),
        )
        for section in progress.shown(service, known)
        for question in progress.asked(section, known)
    )
    facts = [_fact(fact, service, known, language) for fact in application.facts]
    attached = _attached(application, language)
    return [
        Section(_said(_APPLICATION, language), about),
        *([Section(_said(_ANSWERS, language), answers)] if answers else []),
        *([Section(_said(_ATTACHED, language), attached)] if attached else []),
        *facts,
    ]


def _attached(application: Application, language: Language) -> tuple[tuple[str, str], ...]:
    """Return each attached file with the digest of its content: another one would have another."""
    return tuple(
        (one["name"], f"{size(one['size'], language)}. SHA-256: {one['sha256']}")
        for named in files(application.answers).values()
        for one in named
    )


def _fact(fact: Fact, service: Service, known: Values, language: Language) -> Section:
    """Return what a register said; of a list the one record that was chosen, such as a vehicle."""
    assets = (question for question in service.questions() if isinstance(question, Asset))
    chosen = next((known["chosen"][asset.id] for asset in assets if asset.fact == fact.name), None)
    said = item_rows(fact.name, chosen, language) if chosen else rows(fact, language)
    register = FACTS[fact.name].register.name.say(language)
    source = (_said(_SOURCE, language), f"{register}, {moment(fact.fetched_at, language)}")
    marks = ((_said(_DISPUTED, language), fact.disputed),) if fact.disputed else ()
    return Section(FACTS[fact.name].label.say(language), (*said, source, *marks))


def _data(application: Application, service: Service, signatures: Sequence[Signature]) -> dict[str, Any]:
    acted_for = company.of(application, service)
    return {
        "application": application.reference,
        "service": {"id": service.id, "version": service.version},
        "revision": signatures[0].revision,
        "applicant": signatures[0].personal_number,
        **({"company": {"number": acted_for.number, "name": acted_for.name}} if acted_for else {}),
        "signers": [one.personal_number for one in signatures],
        "fee_cents": application.fee_cents,
        "answers": application.answers,
        "facts": [
            {
                "name": fact.name,
                "about": fact.about,
                "register": fact.register,
                "fetched_at": fact.fetched_at.isoformat(),
                "message_id": str(fact.message_id),
                "value": fact.value,
                **({"disputed": fact.disputed} if fact.disputed else {}),
            }
            for fact in application.facts
        ],
    }


def _said(text: Text, language: Language) -> str:
    return text.say(language)
