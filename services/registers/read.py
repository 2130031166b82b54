"""A look at one fact of one person, or a change: who, what, why, by which law, through which door, how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from i18n.text import Wording
from services.registers.message import Proof

Kind = Literal["citizen", "clerk", "officer", "system"]
Channel = Literal["portal", "counter", "worker"]
# `refused`: the register holds no such person. `denied`: we refused the reader, and nobody was asked.
Act = Literal["read", "change"]
Ending = Literal["ok", "refused", "unreachable", "denied"]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: a citizen at the portal, a clerk or officer, or the system by itself.

    Of clerks and officers `role` is the desk, `institution` its institution's id, and `reason` is what they gave
    as their reason to look: without one they may not.
    """

    kind: Kind
    person_id: UUID | None = None
    role: str | None = None
    institution: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """One look at one fact of one person (`subject`, a personal number). `register` is a code of facts.REGISTERS.

    `shown_from` is set for a look in an investigation: the day from which the person sees it. `proof` is what is left
    of the message; it is written and never read back here. Where `act` is a change, the register was told something:
    `fact` is a name of posting.target.TARGETS.
    """

    id: UUID
    subject: str
    reader: Reader
    register: str
    fact: str
    purpose: Wording
    legal_basis: Wording
    application_id: UUID | None
    channel: Channel
    message_id: UUID
    at: datetime
    outcome: Ending
    shown_from: date | None = None
    proof: Proof | None = None
    act: Act = "read"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a read stands for good: the chain of a person's reads on a day, and the position in it, from 1.

    Reads that are shown later have a chain of their own, so that their number betrays nothing before that day.
    """

    day: date
    shown_from: date
    position: int
    by_subject: bool
