"""How far an application is, from its data alone: what to fetch, what to ask next, what it costs, what stops it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from i18n.format import KOSOVO
from i18n.text import Wording
from services.applications.application import Application
from services.catalogue import decision
from services.catalogue.decision import Objection
from services.catalogue.rules import Values, holds
from services.catalogue.service import Asset, Child, FactNeed, Question, Role, Section, Service
from services.catalogue.signature import Signers
from services.registers.facts import Fact

SELF = "self"
FRESH = timedelta(hours=24)  # what the registers said holds so long for a draft


class Page(Struct, frozen=True):
    """One page of questions: `done` when all is answered, `current` on the first that is not."""

    section_id: str
    title: Wording
    done: bool
    current: bool


class Need(Struct, frozen=True):
    """A fact to fetch: which, about whom (a personal number), why, and by which law."""

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
        Need(need.name, personal_number if subject is None else subject, need.purpose, need.legal_basis)
        for need, subject in _missing(service, now, application)
    ]


def outdated(service: Service, application: Application, now: datetime) -> bool:
    """Return whether facts are missing or too old to decide on."""
    return bool(_missing(service, now, application))


def values(application: Application, service: Service, today: date) -> Values:
    """Return what the service's rules may name in this case."""
    applicant = _held(application.facts, application, "applicant")
    known = application.beneficiary is not None or not _asks_whom(service, application)
    subject: Role = "beneficiary" if application.beneficiary is not None else "applicant"
    beneficiary = _held(application.facts, application, subject) if known else {}
    return decision.case(
        service, applicant=applicant, beneficiary=beneficiary, answers=application.answers, today=today
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


def is_asked(question: Question, known: Values) -> bool:
    """Return whether a question is asked: its condition holds, and there are children or assets to choose from."""
    if isinstance(question, Child):
        return known["applicant"].get("children") != []
    if isinstance(question, Asset) and known["applicant"].get(question.fact) == []:
        return False
    return holds(question.show_if, known)


def fee(application: Application, service: Service, today: date) -> int:
    """Return the fee in cents as set at submission, before that as it would be; Unavailable when not known yet."""
    if application.fee_cents is not None:
        return application.fee_cents
    return decision.fee(service, values(application, service, today))


def stop(application: Application, service: Service, today: date) -> Objection | None:
    """Return the rule that would refuse this application as far as it is answered, with its sentence; or None."""
    complete = all(page.done for page in pages(application, service, today))
    return decision.objection(service, values(application, service, today), complete=complete)


def signers(application: Application, service: Service, today: date) -> Signers:
    """Return who has to sign this application."""
    return decision.signers(service, values(application, service, today))


def with_answers(application: Application, service: Service, answers: dict[str, Any], today: date) -> Application:
    """Return the application with these answers, without those no longer asked and facts about no one meant here."""
    question = child_question(service)
    named = answers.get(question.id) if question else None
    beneficiary = None if named in (None, SELF) else named
    facts = tuple(
        fact
        for fact in application.facts
        if application.beneficiary in (None, beneficiary) or fact.about != application.beneficiary
    )
    changed = replace(application, answers=answers, beneficiary=beneficiary, facts=facts)
    known = values(changed, service, today)
    kept = {one.id for section in shown(service, known) for one in asked(section, known)}
    return replace(changed, answers={name: value for name, value in answers.items() if name in kept})


def merged(old: Iterable[Fact], new: Iterable[Fact]) -> tuple[Fact, ...]:
    """Return the facts, the new in place of the old ones that say the same thing of the same person."""
    by_subject = {(fact.name, fact.about): fact for fact in (*old, *new)}
    return tuple(by_subject.values())


def name_of(application: Application, service: Service) -> str:
    """Return the name of the person whom this is about, as the civil register has it; "" where nobody asked it."""
    known = values(application, service, day(application.updated_at))
    person: dict[str, Any] = known["beneficiary"].get("person") or known["applicant"].get("person") or {}
    return f"{person.get('given_name', '')} {person.get('family_name', '')}".strip()


def child_question(service: Service) -> Child | None:
    """Return the question that names the beneficiary, where the service has one."""
    return next((question for question in service.questions() if isinstance(question, Child)), None)


def _asks_whom(service: Service, application: Application) -> bool:
    """Return whether it is still open whom this is about."""
    question = child_question(service)
    if question is None or application.answers.get(question.id) is not None:
        return False
    return _held(application.facts, application, "applicant").get("children") != []


def _held(facts: Iterable[Fact], application: Application, role: Role) -> dict[str, Any]:
    """Return fact values by name: only two persons ever occur, the applicant and a beneficiary who is another."""
    about = application.beneficiary
    return {fact.name: fact.value for fact in facts if (fact.about == about) == (role == "beneficiary")}


def _missing(service: Service, now: datetime, application: Application | None) -> list[tuple[FactNeed, str | None]]:
    """Return the needs that no fresh fact answers, with the other person's number, or None for the applicant."""
    other = application.beneficiary if application else None
    facts = application.facts if application else ()
    held = {(fact.name, fact.about == other) for fact in facts if fact.fetched_at > now - FRESH}
    open_whom = _asks_whom(service, application) if application else child_question(service) is not None
    wanted: dict[tuple[str, bool], FactNeed] = {}
    for need in service.facts:
        about_other = need.about == "beneficiary" and other is not None
        if need.about == "applicant" or not open_whom:
            wanted.setdefault((need.name, about_other), need)
    return [(need, other if key[1] else None) for key, need in wanted.items() if key not in held]


def _done(section: Section, application: Application, known: Values) -> bool:
    return all(_answered(question, application, known) for question in asked(section, known))


def _answered(question: Question, application: Application, known: Values) -> bool:
    """Return whether the answer is there and still holds: the child is still one's own, the vehicle too."""
    answer = application.answers.get(question.id)
    if isinstance(question, Asset):
        return known["chosen"][question.id] is not None
    if isinstance(question, Child):
        return answer == SELF or answer in children(known)
    return question.id in application.answers


def children(known: Values) -> dict[str, dict[str, Any]]:
    """Return the applicant's children under 18 by personal number."""
    return {child["personal_number"]: child for child in records(known, "children")}


def records(known: Values, fact: str) -> list[dict[str, Any]]:
    """Return the records of a list fact about the applicant: children, vehicles."""
    return known["applicant"].get(fact) or []
