"""Which applications of an office's queue somebody wants to see, and what a line of it says."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from services.applications.application import State

# "" all of them · hers · nobody's yet · what should have been decided before today
Whose = Literal["", "mine", "free", "overdue"]
OPEN = (State.SUBMITTED, State.IN_REVIEW, State.AWAITING_CITIZEN, State.AWAITING_OPINION, State.APPEALED)
MOST_COUNTED = 1000
MOST_NAMED = 500  # people of one name whose applications a search looks through
_NAMES, _TYPED = 3, 60


@dataclass(frozen=True, slots=True)
class Key:
    """Where a page of the queue begins: after this due day and id."""

    due_on: date
    id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a member wants to see of her desks' open applications; her own are never among them."""

    desks: tuple[str, ...]
    member_id: UUID
    today: date
    state: State | None = None
    service_id: str | None = None
    whose: Whose = ""
    after: Key | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One application in the queue; `officer` is the name of who has it, `has_message` that she waits for an answer."""

    id: UUID
    reference: str
    service_id: str
    state: State
    desk: str
    due_on: date
    officer_id: UUID | None
    officer: str | None
    has_message: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """How many applications wait for the office, and how many of them in which way; each `MOST_COUNTED` at most."""

    waiting: int
    overdue: int
    mine: int
    free: int


def names_in(typed: str) -> list[str]:
    """Return the words of a name as they are compared: no case, no marks; of a longer one the first three."""
    plain = unicodedata.normalize("NFKD", typed[:_TYPED].casefold()).replace("đ", "d")
    letters = "".join(letter if letter.isalpha() else " " for letter in plain if not unicodedata.combining(letter))
    return letters.replace("dj", "d").split()[:_NAMES]
