"""What a register tells without being asked: which kinds there are, which fact each belongs to, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from services.registers.facts import FACTS, Register
from services.registers.holding import Code
from services.registers.record import PersonalNumber, Text


class Birth(Struct, frozen=True):
    """A child was born; told to its parents."""

    child: PersonalNumber
    given_name: Text
    born_on: date


class Birthday(Struct, frozen=True):
    """Someone has a birthday that counts; of a minor, told to each parent too, `child` says whose it is."""

    birthdate: date
    child: PersonalNumber | None = None
    given_name: Text | None = None


class Expiry(Struct, frozen=True):
    """An identity document runs out in sixty days; of a minor's, told to the parents, `child` says whose it is."""

    kind: Code
    valid_until: date
    child: PersonalNumber | None = None
    given_name: Text | None = None


class InspectionDue(Struct, frozen=True):
    """A vehicle's technical inspection runs out in thirty days."""

    plate: Text
    make: Text
    model: Text
    valid_until: date


class NewBusiness(Struct, frozen=True):
    """A business was registered; told to its owners and to who may act for it."""

    name: Text
    registered_on: date


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of event: the fact (a name of FACTS) that it is a part of, and the shape of what it says."""

    fact: str
    about: type[Struct]

    @property
    def register(self) -> Register:
        """Return the register that tells it."""
        return FACTS[self.fact].register


KINDS: Mapping[str, Kind] = {
    "birth": Kind("children", Birth),
    "sixteen": Kind("person", Birthday),
    "sixty_five": Kind("person", Birthday),
    "document_expiring": Kind("documents", Expiry),
    "inspection_due": Kind("vehicles", InspectionDue),
    "business_registered": Kind("businesses", NewBusiness),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One event: `sequence` counts without gaps over all registers, `day` is when it happened.

    `subject` is whom it is for, `kind` a name of KINDS, `about` JSON of that kind's shape.
    """

    sequence: int
    day: date
    kind: str
    subject: str
    about: Mapping[str, Any]


class Told(Struct, frozen=True):
    """An event as it comes; what it is about is read by its kind."""

    sequence: Annotated[int, Meta(ge=1, le=2**63 - 1)]
    day: date
    register: str
    kind: str
    subject: PersonalNumber
    about: msgspec.Raw


class Page(Struct, frozen=True):
    """A page of the feed as it comes."""

    events: Annotated[list[Told], Meta(max_length=1000)]


def understood(told: Told) -> Event | None:
    """Return the event; None for a kind that we do not know, or one that does not say what its kind says."""
    kind = KINDS.get(told.kind)
    if kind is None or told.register != kind.register.code:
        return None
    try:
        about = msgspec.json.decode(told.about, type=kind.about)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return Event(told.sequence, told.day, told.kind, told.subject, msgspec.to_builtins(about))
