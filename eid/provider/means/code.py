"""PIN1, PIN2 and PUK of a card or a phone: three tries each, and what follows from wrong ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

Pin: TypeAlias = Literal["pin1", "pin2"]
CodeName: TypeAlias = Literal["pin1", "pin2", "puk"]
MeansKind: TypeAlias = Literal["card", "phone"]
Standing: TypeAlias = Literal["valid", "suspended", "revoked"]
State: TypeAlias = Literal["valid", "locked", "blocked", "expired", "suspended", "revoked", "missing"]
TRIES = 3
DIGITS: Mapping[CodeName, int] = {"pin1": 4, "pin2": 5, "puk": 8}  # the fewest; eight are the most


@dataclass(frozen=True, slots=True)
class Code:
    """A PIN or the PUK as it is kept."""

    code_hash: str
    wrong_tries: int

    @property
    def tries_left(self) -> int:
        """How many wrong ones may still be typed."""
        return TRIES - self.wrong_tries


@dataclass(frozen=True, slots=True)
class Means:
    """A card or a phone of a person, with its codes."""

    id: UUID
    person_id: UUID
    kind: MeansKind
    number: str
    standing: Standing
    issued_at: datetime
    valid_until: datetime
    codes: Mapping[CodeName, Code]

    def state(self, pin: Pin, now: datetime) -> State:
        """Return whether it can be used with a PIN now; what nothing can mend is said first."""
        if self.standing != "valid":
            return self.standing
        if now >= self.valid_until:
            return "expired"
        if self.codes["puk"].tries_left == 0:
            return "blocked"
        return "valid" if self.codes[pin].tries_left else "locked"


def state_of(means: Means | None, pin: Pin, now: datetime) -> State:
    """Return the state of what a person may or may not have."""
    return means.state(pin, now) if means else "missing"
