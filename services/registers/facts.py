"""Facts: what the registers know of a person, which register keeps each, why one is fetched, and how it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol
from uuid import UUID

import msgspec

from i18n.text import Language, Wording
from services.registers import label, record
from services.registers.message import Proof


@dataclass(frozen=True, slots=True)
class Register:
    """A register: its code, its name in words, the institution that keeps it, and its X-Road subsystem."""

    code: str
    name: Wording
    institution: str
    subsystem: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from: the register, its service, the shape of what it answers; `many` when it is a list."""

    register: Register
    service: str
    label: Wording
    decoder: msgspec.json.Decoder[record.Envelope[Any]]
    many: bool = False

    @property
    def path(self) -> str:
        """Return the service's address under the gateway, by the X-Road message protocol for REST."""
        return f"/r1/{self.register.subsystem}/{self.service}"


CIVIL_STATUS = Register(
    "civil-status",
    Wording(
        "Regjistri Qendror i Gjendjes Civile", "Centralni registar civilnog stanja", "Central Civil Status Register"
    ),
    "arc",
    "XK/GOV/ARC/civil-status",
)
ADDRESSES = Register(
    "addresses",
    Wording("Regjistri i adresave", "Registar adresa", "Register of addresses"),
    "arc",
    "XK/GOV/ARC/addresses",
)
VEHICLES = Register(
    "vehicles",
    Wording("Regjistri i automjeteve", "Registar vozila", "Register of vehicles"),
    "arc",
    "XK/GOV/ARC/vehicles",
)
REGISTERS: Mapping[str, Register] = {one.code: one for one in (CIVIL_STATUS, ADDRESSES, VEHICLES)}

FACTS: Mapping[str, Source] = {
    "person": Source(
        CIVIL_STATUS,
        "person",
        Wording("Të dhënat e gjendjes civile", "Podaci o civilnom stanju", "Civil status"),
        msgspec.json.Decoder(record.Envelope[record.Person]),
    ),
    "children": Source(
        CIVIL_STATUS,
        "children",
        Wording("Fëmijët nën 18 vjeç", "Deca mlađa od 18 godina", "Children under 18"),
        msgspec.json.Decoder(record.Envelope[record.Children]),
        many=True,
    ),
    "parents": Source(
        CIVIL_STATUS,
        "parents",
        Wording("Prindërit", "Roditelji", "Parents"),
        msgspec.json.Decoder(record.Envelope[record.Parents]),
        many=True,
    ),
    "address": Source(
        ADDRESSES,
        "address",
        Wording("Adresa e vendbanimit", "Adresa prebivališta", "Address of residence"),
        msgspec.json.Decoder(record.Envelope[record.Address | None]),
    ),
    "vehicles": Source(
        VEHICLES,
        "vehicles",
        Wording("Automjetet", "Vozila", "Vehicles"),
        msgspec.json.Decoder(record.Envelope[record.Vehicles]),
        many=True,
    ),
}


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

    `about` tells whom: the person's number, or a role that the asker gave. `register` is a code of REGISTERS.
    """

    name: str
    about: str
    value: Any
    register: str
    fetched_at: datetime
    message_id: UUID


Outcome = Literal["ok", "refused", "unreachable"]


@dataclass(frozen=True, slots=True)
class Answer:
    """How one need fared: `ok` with the fact, `refused` (the register knows no such person), or `unreachable`."""

    need: Needed
    message_id: UUID
    at: datetime
    outcome: Outcome
    fact: Fact | None = None
    proof: Proof | None = None


def rows(fact: Fact, language: Language) -> list[tuple[str, str]]:
    """Return what the fact says as (label, value), for showing it read-only; of a list, one row an item."""
    value: Any = fact.value
    if not value:
        return [(FACTS[fact.name].label.say(language), label.NOTHING[fact.name].say(language))]
    if FACTS[fact.name].many:
        return [label.summary(fact.name, item, language) for item in value]
    return item_rows(fact.name, value, language)


def item_rows(name: str, item: Mapping[str, Any], language: Language) -> list[tuple[str, str]]:
    """Return every recorded field of one person, child, address or vehicle as (label, value)."""
    return [
        (field.label.say(language), field.say(value, item, language))
        for field in label.FIELDS[name]
        if (value := field.of(item)) is not None
    ]
