"""A signature that an application waits for, and where its person stands with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.applications.application import Application, State
from services.signing.signing import Signing


@dataclass(frozen=True, slots=True)
class Signer:
    """Someone who has to sign: her personal number, and her name as the registers have it."""

    personal_number: str
    name: str


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature on the sheet of an application as it was frozen in `revision`; `place` is its turn, from 1."""

    id: UUID
    application_id: UUID
    revision: int
    place: int
    personal_number: str
    name: str
    asked_at: datetime
    due_at: datetime
    signed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands with an application: her own signature among all that it waits for, and her signing."""

    application: Application
    own: Signature
    all: tuple[Signature, ...]
    signing: Signing | None

    @property
    def is_her_turn(self) -> bool:
        """Tell whether the application waits for her: everyone before her has signed, and she has not."""
        waits = self.application.state is State.AWAITING_SIGNATURE
        return waits and self.turn is not None and self.turn.id == self.own.id

    @property
    def turn(self) -> Signature | None:
        """The first signature that is not there yet."""
        return turn(self.all)

    @property
    def is_open(self) -> bool:
        """Tell whether it is hers to sign now, and she has not."""
        return self.is_her_turn and not self.is_being_completed

    @property
    def is_being_completed(self) -> bool:
        """Tell whether she has signed and the proof is being added."""
        return self.own.signed_at is None and self.signing is not None and self.signing.state == "given"


def turn(signatures: Sequence[Signature]) -> Signature | None:
    """Return the first signature that is not there yet."""
    return next((one for one in signatures if one.signed_at is None), None)
