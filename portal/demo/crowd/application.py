"""The applications of the crowd: each led through its life by the very rules that every application obeys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from random import Random
from uuid import UUID

import msgspec
from msgspec.structs import replace

from i18n.format import KOSOVO
from i18n.text import Wording
from portal.demo.crowd.life import drawn
from portal.demo.crowd.people import Someone
from services.applications import deadlines
from services.applications.application import FINISHED, Actor, Application, Event, RefusalReason, State, Step
from services.applications.member import desk_of
from services.catalogue.service import Service
from services.registers.facts import FACTS, Fact

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_YEARS, _LATELY = 104, 40  # what is finished began within so many weeks, all else within so many days
_BY_CITIZEN = {Step.BEGIN, Step.DISCARD, Step.DEFER, Step.ASK_SIGNATURE, Step.SUBMIT, Step.BILL, Step.APPEAL}
_BY_OTHERS: dict[Step, Actor] = {Step.PAY: "payments", Step.ISSUE: "worker", Step.EXPIRE: "worker"}
_AT_ONCE = {Step.APPROVE, Step.REFUSE}  # where a rule decides
_SHORTLY = {Step.DISCARD, Step.DEFER, Step.ASK_SIGNATURE, Step.SUBMIT, Step.BILL, Step.PAY, Step.ISSUE}
_BY_THE_OFFICE = RefusalReason(
    "officer", Wording("Kushtet nuk janë plotësuar.", "Uslovi nisu ispunjeni.", "The conditions are not met.")
)


@dataclass(frozen=True, slots=True)
class Told:
    """An application with all that happened to it."""

    application: Application
    events: list[Event]


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of an application before it is led through its life: whose, for what, and at which desk."""

    number: int
    someone: Someone
    service: Service
    officer: UUID | None  # the one who takes it, where officers decide
    may_be_draft: bool


def told(case: Case, now: datetime) -> Told:
    """Return the application of a number: for the same day always the same."""
    rng = Random(f"application-{case.number}")  # noqa: S311 - always the same
    cents = max(case.service.fee.amounts())
    steps = drawn(rng, case.service, cents, draft=case.may_be_draft)
    application = _begun(case, now - timedelta(days=rng.uniform(0, _LATELY)))
    events = [Event(application.revision, Step.BEGIN, State.DRAFT, "citizen", application.created_at)]
    for step, at in _times(rng, case, steps, application.created_at, now):
        application = _after(application, step, at, case, cents)
        events.append(Event(application.revision, step, application.state, _actor(step, case), at))
    if application.state in FINISHED:
        return _earlier(Told(application, events), timedelta(weeks=rng.randrange(_YEARS)))
    return Told(application, events)


def id_at(at: datetime, number: int) -> UUID:
    """Return an id in order of time (RFC 9562, version 7), always the same of a number."""
    return UUID(int=int(at.timestamp() * 1000) << 80 | 7 << 76 | 2 << 62 | number)


def case_number(application: Application) -> int:
    """Return the number that an application's id was made of."""
    return application.id.int & ((1 << 50) - 1)


def _begun(case: Case, at: datetime) -> Application:
    someone = case.someone
    return Application(
        id=id_at(at, case.number),
        reference=_reference(case.number, at.year),
        service_id=case.service.id,
        service_version=case.service.version,
        person_id=someone.id,
        channel="web",
        language=someone.language,
        state=State.DRAFT,
        facts=tuple(_known(case, at)),
        revision=1,
        created_at=at,
        updated_at=at,
    )


def _times(
    rng: Random, case: Case, steps: tuple[Step, ...], at: datetime, now: datetime
) -> Iterator[tuple[Step, datetime]]:
    """Yield each step after the first with its time, never later than now."""
    is_rule, days = case.service.processing.decision == "rule", case.service.processing.days
    for step in steps[1:]:
        if step in _SHORTLY:
            at += timedelta(seconds=rng.uniform(20, 900))
        elif not (is_rule and step in _AT_ONCE):
            at += timedelta(days=rng.uniform(0.05, 0.6) * max(days, 2))
        at = min(at, now)
        yield step, at


def _after(before: Application, step: Step, at: datetime, case: Case, cents: int) -> Application:
    application = before.after(step, at)
    if step in {Step.SUBMIT, Step.BILL, Step.ASK_SIGNATURE}:
        application = replace(application, fee_cents=cents)
    if step is Step.PAY:
        application = replace(application, payment_id=_second_id(before))
    if application.state is State.SUBMITTED and case.officer:
        place = "" if case.service.processing.municipality is msgspec.UNSET else case.someone.place
        due = _due_on(at.astimezone(KOSOVO).date(), case.service.processing.days)
        return replace(application, desk=desk_of(case.service.institution.id, place or None), due_on=due)
    if step is Step.TAKE:
        return replace(application, officer_id=case.officer)
    if step is Step.REFUSE:
        return replace(application, refusal=_refusal(case))
    return replace(application, document_id=_second_id(before)) if step is Step.ISSUE else application


def _refusal(case: Case) -> RefusalReason:
    rules = case.service.eligibility
    return _BY_THE_OFFICE if case.officer or not rules else RefusalReason(rules[0].id, rules[0].message)


def _earlier(told: Told, by: timedelta) -> Told:
    """Return the same so much earlier."""
    old = told.application
    times = ("created_at", "updated_at", "submitted_at", "decided_at", "issued_at")
    moved = {name: at - by for name in times if (at := getattr(old, name))}
    due = old.due_on - by if old.due_on else None
    application = replace(old, id=id_at(old.created_at - by, case_number(old)), due_on=due, **moved)
    return Told(application, [replace(event, at=event.at - by) for event in told.events])


def _actor(step: Step, case: Case) -> Actor:
    if step in _BY_CITIZEN or step is Step.WITHDRAW:
        return "citizen"
    return _BY_OTHERS.get(step, "officer" if case.officer else "rule")


def _known(case: Case, at: datetime) -> Iterator[Fact]:
    """Yield what civil status says of her, where the service asks: the rest of her is in no register."""
    if any(need.name == "person" for need in case.service.facts):
        number = case.someone.personal_number
        yield Fact("person", number, _entry(case.someone), FACTS["person"].register.code, at, id_at(at, case.number))


def _entry(someone: Someone) -> dict[str, object]:
    return {
        "personal_number": someone.personal_number,
        "given_name": someone.given_name,
        "family_name": someone.family_name,
        "birth_family_name": someone.family_name,
        "birthdate": someone.birthdate.isoformat(),
        "birth_municipality": someone.place,
        "birth_place": someone.place.capitalize(),
        "birth_country": "XK",
        "sex": "female",
        "citizenship": "XK",
        "father": {"given_name": "Skender", "family_name": someone.family_name},
        "mother": {"given_name": "Vjosa", "family_name": someone.family_name, "birth_family_name": "Hoti"},
        "marital_status": "single",
        "entry": {
            "municipality": someone.place,
            "book": "IV",
            "page": someone.birthdate.day,
            "number": someone.birthdate.toordinal() % 1000,
            "year": someone.birthdate.year,
        },
    }


def _second_id(application: Application) -> UUID:
    """Return an id for what belongs to an application, a payment or a document, always the same."""
    return UUID(int=application.id.int ^ 1 << 61)


def _reference(number: int, year: int) -> str:
    """Return a reference as all are, another for each number."""
    mixed = (number + 1) * 0x9E3779B1 % (1 << 40)
    code = "".join(_CROCKFORD[mixed >> 5 * place & 31] for place in range(8))
    return f"{year}-{code[:4]}-{code[4:]}"


@cache
def _due_on(day: date, days: int) -> date:
    return deadlines.due_on(day, days)
