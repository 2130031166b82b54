"""Facts: what the registers know of a person, which register keeps each, why one is fetched, and how it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol
from uuid import UUID

from i18n.text import Language, Wording
from services.registers import label
from services.registers.message import Proof
from services.registers.source import FACTS, REGISTERS, Register, Source

__all__ = [
    "FACTS",
    "REGISTERS",
    "Answer",
    "Fact",
    "Need",
    "Needed",
    "Outcome",
    "Register",
    "Source",
    "Why",
    "field_label",
    "item_rows",
    "rows",
]


@dataclass(frozen=True, slots=True)
class Need:
    """A fact that is needed: which (a name of FACTS), for what, and by which law."""

    name: str
    purpose: Wording
    legal_basis: Wording | str


class Needed(Protocol):
    """Whatever says of a fact its name, purpose and legal basis, as Need does."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def purpose(self) -> Wording: ...  # noqa: D102
    @property
    def legal_basis(self) -> Wording | str: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Fact:
    """What a register said: `value` is JSON (services/registers/record.py says of which shape).

    `about` tells whom: the person's number, or what the asker gave, such as a role or a company as X-Road names it.
    `register` is a code of REGISTERS. `disputed` is the reference of the case in which the person says that it is
    wrong.
    """

    name: str
    about: str
    value: Any
    register: str
    fetched_at: datetime
    message_id: UUID
    disputed: str | None = None


Outcome = Literal["ok", "refused", "unreachable"]
Why = Literal["unknown_person", "two_records"]  # it holds no such person, or more records than one


@dataclass(frozen=True, slots=True)
class Answer:
    """How one need fared: `ok` with the fact, `refused` (by the register's word, see `why`), or `unreachable`.

    `is_sent` is False where the question never left: a register that does not answer is left alone for a while.
    """

    need: Needed
    message_id: UUID
    at: datetime
    outcome: Outcome
    fact: Fact | None = None
    proof: Proof | None = None
    why: Why | None = None
    is_sent: bool = True


def rows(fact: Fact, language: Language) -> list[tuple[str, str]]:
    """Return what the fact says as (label, value), for showing it read-only; of a list, one row an item."""
    value: Any = fact.value
    if not value:
        return [(FACTS[fact.name].label.say(language), label.nothing(fact.name, language))]
    if FACTS[fact.name].many:
        return [label.summary(fact.name, item, language) for item in value]
    return item_rows(fact.name, value, language)


def field_label(name: str, field: str, language: Language) -> str:
    """Return what a field of a fact is called, such as "Plate"."""
    return next(each.label.say(language) for each in label.FIELDS[name] if each.path == field)


def item_rows(name: str, item: Mapping[str, Any], language: Language) -> list[tuple[str, str]]:
    """Return every recorded field of one person, child, address or vehicle as (label, value)."""
    return label.said(name, item, language)
