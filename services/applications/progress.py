"""How far an application is, from its data alone: what to fetch, what to ask next, what it costs, what stops it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from i18n.format import KOSOVO
from i18n.text import Wording
from services.applications import company
from services.applications.application import Application
from services.applications.asking import SELF, is_answered, is_asked
from services.applications.typed import named
from services.catalogue import decision, listed
from services.catalogue.company import SAYS_WHO_ACTS
from services.catalogue.decision import Objection
from services.catalogue.fee import Exemption
from services.catalogue.question import Child, Listed, Question
from services.catalogue.rules import Values, holds
from services.catalogue.service import FactNeed, Role, Section, Service
from services.catalogue.signature import Signers
from services.registers.facts import Fact

FRESH = timedelta(hours=24)  # what the registers said holds so long for a draft


class Page(Struct, frozen=True):
    """One page of questions: `done` when all is answered, `current` on the first that is not."""

    section_id: str
    title: Wording
    done: bool
    current: bool


class Need(Struct, frozen=True):
    """A fact to fetch: which, about whom (a personal number, or a company as X-Road names it), why, by which law."""

    name: str
    about: str
    purpose: Wording
    legal_basis: Wording


def day(now: datetime) -> date:
    """Return the day in Kosovo."""
    return now.astimezone(KOSOVO).date()


def needs(service: Service, personal_number: str, now: datetime, application: Application | None = None) -> list[Need]:
    """Return what to fetch before going on: what is missing or older than a day.

    Ask again after fetching and after each answer: whose facts are needed may turn out only then.
    """
    return [
        Need(need.name, subject or personal_number, company.purpose(need, service, application), need.legal_basis)
        for need, subject in _missing(service, now, application)
    ]


def representation(service: Service, application: Application) -> Need | None:
    """Return what to ask of the chosen company to know who may act for it now; None where nobody acts for one."""
    party = company.party(application, service)
    need = next((need for need in service.facts if need.name == SAYS_WHO_ACTS), None)
    if party is None or need is None:
        return None
    return Need(need.name, party, company.purpose(need, service, application), need.legal_basis)


def owed(service: Service, application: Application, now: datetime) -> list[FactNeed]:
    """Return what the registers still owe: the facts that are missing, or were too old when it was sent."""
    return [need for need, _subject in _missing(service, now, application)]


def values(application: Application, service: Service, today: date) -> Values:
    """Return what the service's rules may name in this case."""
    applicant = _held(application.facts, application, "applicant")
    known = application.beneficiary is not None or not _asks_whom(service, application)
    subject: Role = "beneficiary" if application.beneficiary is not None else "applicant"
    beneficiary = _held(application.facts, application, subject) if known else {}
    return decision.case(
        service,
        applicant=applicant,
        beneficiary=beneficiary,
        company=company.held(application, service),
        answers=application.answers,
        today=today,
    )


def pages(application: Application, service: Service, today: date) -> list[Page]:
    """Return the pages of questions that this case has, in order; none is current when all are done."""
    known = values(application, service, today)
    done = [(section, _done(section, application, known)) for section in shown(service, known)]
    first = next((section for section, whole in done if not whole), None)
    return [Page(section.id, section.title, whole, section is first) for section, whole in done]


def shown(service: Service, known: Values) -> list[Section]:
    """Return the sections that have something to ask in this case."""
    return [section for section in service.sections if asked(section, known)]


def asked(section: Section, known: Values) -> list[Question]:
    """Return the questions of a section that are asked in this case."""
    if not holds(section.show_if, known):
        return []
    return [question for question in section.questions if is_asked(question, known)]


def fee(application: Application, service: Service, today: date) -> int:
    """Return the fee in cents as set at submission, before that as it would be; Unavailable when not known yet."""
    if application.fee_cents is not None:
        return application.fee_cents
    return decision.fee(service, values(application, service, today))


def exemption(application: Application, service: Service, today: date) -> Exemption | None:
    """Return why it costs less than usual, or None."""
    return decision.exemption(service, values(application, service, today))


def stop(application: Application, service: Service, today: date) -> Objection | None:
    """Return the rule that would refuse this application as far as it is answered, with its sentence; or None."""
    complete = not _lacking(service, application, None) and all(
        page.done for page in pages(application, service, today)
    )
    return decision.objection(service, values(application, service, today), complete=complete)


def signers(application: Application, service: Service, today: date) -> Signers:
    """Return who has to sign this application."""
    return decision.signers(service, values(application, service, today))


def with_answers(application: Application, service: Service, answers: dict[str, Any], today: date) -> Application:
    """Return the application with these answers, without those no longer asked and facts about no one meant here."""
    beneficiary = _meant(application, service, answers)
    facts = tuple(
        fact
        for fact in application.facts
        if application.beneficiary in (None, beneficiary) or fact.about != application.beneficiary
    )
    changed = replace(application, answers=answers, beneficiary=beneficiary, facts=facts)
    known = values(changed, service, today)
    kept = {one.id for section in shown(service, known) for one in asked(section, known)}
    changed = replace(changed, answers={name: value for name, value in answers.items() if name in kept})
    return replace(changed, facts=company.still_meant(changed, service))


def merged(old: Iterable[Fact], new: Iterable[Fact]) -> tuple[Fact, ...]:
    """Return the facts, the new in place of the old ones that say the same thing of the same person.

    What was called wrong stays so until the register says something else.
    """
    by_subject = {(fact.name, fact.about): fact for fact in old}
    for fact in new:
        before = by_subject.get((fact.name, fact.about))
        disputed = before.disputed if before and before.value == fact.value else None
        by_subject[fact.name, fact.about] = dataclasses.replace(fact, disputed=disputed)
    return tuple(by_subject.values())


def settled(application: Application, service: Service, today: date) -> Application:
    """Return the application with what was typed while a register was silent as that register now names it.

    What it does not know by that name is asked again.
    """
    held = _held(application.facts, application, "applicant")
    answers = dict(application.answers)
    for question in service.questions():
        if not isinstance(question, Listed) or any(held.get(fact) is None for fact in listed.facts(question)):
            continue
        if (typed := answers.get(question.id)) not in (None, SELF):
            meant = named(question, held, str(typed))
            answers = {**answers, question.id: meant} if meant else _without(answers, question.id)
    is_meant = "children" not in held or _meant(application, service, answers) == application.beneficiary
    if answers == application.answers and is_meant:
        return application
    return with_answers(application, service, answers, today)


def name_of(application: Application, service: Service) -> str:
    """Return the name of whom this is about, as its register has it, a company or a person; "" where nobody asked."""
    if acted_for := company.of(application, service):
        return acted_for.name
    known = values(application, service, day(application.updated_at))
    person: dict[str, Any] = known["beneficiary"].get("person") or known["applicant"].get("person") or {}
    return f"{person.get('given_name', '')} {person.get('family_name', '')}".strip()


def child_question(service: Service) -> Child | None:
    """Return the question that names the beneficiary, where the service has one."""
    return next((question for question in service.questions() if isinstance(question, Child)), None)


def _asks_whom(service: Service, application: Application) -> bool:
    """Return whether it is still open whom this is about."""
    question = child_question(service)
    if question is None or application.beneficiary is not None or application.answers.get(question.id) == SELF:
        return False
    return _held(application.facts, application, "applicant").get("children") != []


def _held(facts: Iterable[Fact], application: Application, role: Role) -> dict[str, Any]:
    """Return fact values by name: only two persons ever occur, the applicant and a beneficiary who is another."""
    about, of_persons = application.beneficiary, [fact for fact in facts if not company.is_party(fact.about)]
    return {fact.name: fact.value for fact in of_persons if (fact.about == about) == (role == "beneficiary")}


def _missing(service: Service, now: datetime, application: Application | None) -> list[tuple[FactNeed, str | None]]:
    """Return the needs that no fresh fact answers, with whom else each is about, or None for the applicant.

    Of what was sent the facts need only have been fresh then.
    """
    asked = (application.submitted_at if application else None) or now
    return _lacking(service, application, asked - FRESH)


def _lacking(
    service: Service, application: Application | None, since: datetime | None
) -> list[tuple[FactNeed, str | None]]:
    """Return the needs that no fact since then answers, or with None no fact at all, with whom else each is about."""
    other = application.beneficiary if application else None
    party = company.party(application, service) if application else None
    facts = [fact for fact in application.facts if since is None or fact.fetched_at > since] if application else []
    held = {(fact.name, fact.about if fact.about in (other, party) else None) for fact in facts}
    open_whom = _asks_whom(service, application) if application else child_question(service) is not None
    still_open = {"beneficiary": open_whom, "company": party is None}
    subjects = {"beneficiary": other, "company": party}
    wanted: dict[tuple[str, str | None], FactNeed] = {}
    for need in service.facts:
        if not still_open.get(need.about) and _arises(need, service, application):
            wanted.setdefault((need.name, subjects.get(need.about)), need)
    return [(need, key[1]) for key, need in wanted.items() if key not in held]


def _arises(need: FactNeed, service: Service, application: Application | None) -> bool:
    """Return whether the service needs the fact in this case."""
    if not need.only_if:
        return True
    return application is not None and holds(need.only_if, values(application, service, day(application.updated_at)))


def _done(section: Section, application: Application, known: Values) -> bool:
    return all(is_answered(question, application.answers, known) for question in asked(section, known))


def _meant(application: Application, service: Service, answers: dict[str, Any]) -> str | None:
    """Return the personal number of the child who was chosen, as far as the register has told that it is hers."""
    question = child_question(service)
    told: list[dict[str, str]] = next((fact.value for fact in application.facts if fact.name == "children"), None) or []
    chosen = answers.get(question.id) if question else None
    return chosen if any(child["personal_number"] == chosen for child in told) else None


def _without(answers: dict[str, Any], name: str) -> dict[str, Any]:
    return {each: answer for each, answer in answers.items() if each != name}
