"""An offer: what a register told, what follows from it by which rule, and how it stands with that today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal, Protocol, TypeAlias
from uuid import UUID

from i18n.format import KOSOVO
from i18n.text import Wording
from services.catalogue import decision, rules
from services.catalogue.load import Catalogue
from services.catalogue.offered import Offered
from services.catalogue.reminder import Reminder
from services.catalogue.service import Service
from services.registers.event import KINDS, Event
from services.registers.facts import Register

KEPT = timedelta(days=180)  # what is older is neither offered nor kept

Answer = Literal["accepted", "declined", "outdated"]
# `lapsed`: its rule holds no more. `applied`: she has asked for the same without it. `outdated`: the register says
# something else since.
State = Literal["open", "accepted", "declined", "outdated", "lapsed", "applied"]
Thing: TypeAlias = Service | Reminder


class Whom(Protocol):
    """Somebody who is known here, to whom something is offered: as a session names her."""

    @property
    def person_id(self) -> UUID: ...  # noqa: D102
    @property
    def personal_number(self) -> str: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer as it is kept: `kind`, `day` and `about` are the event's, one of the two ids says what it is of."""

    id: UUID
    personal_number: str
    kind: str
    day: date
    about: Mapping[str, Any]
    service_id: str | None
    reminder_id: str | None
    made_at: datetime
    answer: Answer | None = None
    answered_at: datetime | None = None
    application_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with an offer: what it is of, by which terms, and the application that came of it or without it."""

    offer: Offer
    thing: Thing
    terms: Offered
    today: date
    state: State
    application_id: UUID | None = None

    @property
    def id(self) -> UUID:
        """The offer's id."""
        return self.offer.id

    @property
    def service(self) -> Service | None:
        """The service that is offered; None for a reminder."""
        return self.thing if isinstance(self.thing, Service) else None

    @property
    def register(self) -> Register:
        """Who told the event."""
        return KINDS[self.offer.kind].register

    @property
    def because(self) -> Wording:
        """What was recorded, in a sentence."""
        return decision.fill(self.terms.because, self.terms.values, _known(self.offer.about, self.today))

    @property
    def meaning(self) -> Wording | None:
        """The rule by which it is offered, in words; None where there is none."""
        said = self.terms.meaning
        return decision.fill(said, self.terms.values, _known(self.offer.about, self.today)) if said else None


def following(event: Event, catalogue: Catalogue, today: date) -> list[Thing]:
    """Return what follows from an event: the services that are offered on it, or where there is none the reminders."""
    if today - event.day > KEPT:
        return []
    services: list[Thing] = [
        service for service, terms in catalogue.offered_on(event.kind) if holds(terms, event.about, today)
    ]
    return services or [
        reminder
        for reminder in catalogue.reminders.values()
        if reminder.offered_on.event == event.kind and holds(reminder.offered_on, event.about, today)
    ]


def terms(offer: Offer, catalogue: Catalogue) -> tuple[Thing, Offered] | None:
    """Return what an offer is of and its terms as they are now; None when it is offered no more."""
    if offer.reminder_id:
        reminder = catalogue.reminders.get(offer.reminder_id)
        return (reminder, reminder.offered_on) if reminder and reminder.offered_on.event == offer.kind else None
    return next(_of(offer, catalogue), None)


def standing(thing: Thing, terms: Offered, offer: Offer, today: date, applied: UUID | None) -> Standing:
    """Return how it stands with an offer; `applied`: an application for the same that she made without it."""
    state: State = offer.answer or ("open" if holds(terms, offer.about, today) else "lapsed")
    if state == "open" and applied:
        state = "applied"
    return Standing(offer, thing, terms, today, state, offer.application_id or applied)


def holds(terms: Offered, about: Mapping[str, Any], today: date) -> bool:
    """Return whether the rule of an offer holds."""
    return rules.holds(terms.rule, _known(about, today))


def answers(offer: Offer, terms: Offered, today: date) -> dict[str, Any]:
    """Return what the offer fills in, by question."""
    known = _known(offer.about, today)
    return {question: rules.evaluate(source, known) for question, source in terms.answers.items()}


def is_still_so(offer: Offer, terms: Offered, applicant: Mapping[str, Any], today: date) -> bool:
    """Return whether what was recorded then still stands, as far as the registers say: a silent one says no other."""
    known = {**_known(offer.about, today), "applicant": applicant}
    return terms.still is None or rules.look(terms.still, known) is not False


def day_of(now: datetime) -> date:
    """Return the day in Kosovo."""
    return now.astimezone(KOSOVO).date()


def _of(offer: Offer, catalogue: Catalogue) -> Iterator[tuple[Thing, Offered]]:
    """Yield the service of an offer with its terms; of several for this kind, those that held on its day come first."""
    found = [(service, terms) for service, terms in catalogue.offered_on(offer.kind) if service.id == offer.service_id]
    yield from sorted(found, key=lambda one: not holds(one[1], offer.about, offer.day))


def _known(about: Mapping[str, Any], today: date) -> dict[str, Any]:
    return {"about": about, "today": today.isoformat()}
