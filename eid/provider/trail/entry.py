"""One thing that happened with a person's eID."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias
from uuid import UUID

from eid.provider.request import Level
from eid.provider.trail.where import Where

Event: TypeAlias = Literal[
    "sign_in",  # she signed in, or refused to on her phone
    "backchannel",  # a service asked her on her phone (CIBA)
    "signature",
    "pin",  # a PIN was typed: only wrong ones are noted
    "puk",
    "pin_changed",
    "session_ended",
    "suspended",  # her card, phone and certificate, at her word
]
Outcome: TypeAlias = Literal["done", "refused", "wrong", "locked"]
KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened, when, by what means, for which service (None for the eID's own pages), and from where."""

    id: UUID  # in the order of time
    person_id: UUID
    event: Event
    outcome: Outcome
    client_id: str | None
    means: str | None  # pin, phone or card
    acr: Level | None
    where: Where
    at: datetime
