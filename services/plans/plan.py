"""A plan: a life event's applications seen as one, and the questions that several of them share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from msgspec.structs import replace

from i18n.text import Wording
from services.applications import progress
from services.applications.application import Application, State
from services.catalogue.question import Question
from services.catalogue.rules import Unavailable, Values
from services.catalogue.service import Section, Service

# Where nothing goes on until the person does something.
HER_TURN = frozenset(
    {State.DRAFT, State.AWAITING_SIGNATURE, State.AWAITING_PAYMENT, State.AWAITING_CITIZEN},
)


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as it is kept; `suggested` are the services that applied by what the registers said."""

    id: UUID
    person_id: UUID
    event: str
    suggested: tuple[str, ...]
    begun_at: datetime
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One application of a plan, with the service as it was when that began."""

    application: Application
    service: Service

    def known(self, today: date) -> Values:
        """Return what is known in its case."""
        return progress.values(self.application, self.service, today)

    def fee(self, today: date) -> int | None:
        """Return its fee in cents, or None while that is not known."""
        try:
            return progress.fee(self.application, self.service, today)
        except Unavailable:
            return None


@dataclass(frozen=True, slots=True)
class Shared:
    """A page that several drafts of a plan have in common; its questions are said in words that fit all of them."""

    section: Section
    items: tuple[Item, ...]
    done: bool

    def questions(self, words: Mapping[str, Wording]) -> list[Question]:
        """Return the questions of the page in the words for several services."""
        return [replace(question, label=words[question.id], missing=None) for question in self.section.questions]


def shared(items: Sequence[Item], words: Mapping[str, Wording], today: date) -> list[Shared]:
    """Return the pages that two drafts or more ask in full and alike, as far as it is known what they ask.

    Alike: the same section with questions of the same id and kind, of which there are `words` for several services.
    """
    found: dict[tuple[str, ...], list[tuple[Section, Item]]] = {}
    for item in items:
        known = item.known(today)
        for section in progress.shown(item.service, known) if item.application.state is State.DRAFT else ():
            asked = progress.asked(section, known)
            if asked == list(section.questions) and all(question.id in words for question in asked):
                found.setdefault(_likeness(section), []).append((section, item))
    return [_page(alike, today) for alike in found.values() if len(alike) > 1]


def total(items: Sequence[Item], today: date) -> tuple[int, bool]:
    """Return what is known to be paid for all, in cents, and whether that is all of it."""
    fees = [item.fee(today) for item in items if item.application.state is not State.REFUSED]
    return sum(fee for fee in fees if fee is not None), None not in fees


def upcoming(items: Sequence[Item]) -> Item | None:
    """Return the first application that waits for the person."""
    return next((item for item in items if item.application.state in HER_TURN), None)


def _likeness(section: Section) -> tuple[str, ...]:
    return (section.id, *(f"{question.id} {type(question).__name__}" for question in section.questions))


def _page(alike: Sequence[tuple[Section, Item]], today: date) -> Shared:
    items = tuple(item for _section, item in alike)
    done = all(_is_done(section, item, today) for section, item in alike)
    return Shared(alike[0][0], items, done)


def _is_done(section: Section, item: Item, today: date) -> bool:
    pages = progress.pages(item.application, item.service, today)
    return any(page.done for page in pages if page.section_id == section.id)
