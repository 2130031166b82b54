"""A signature that an application waits for, and the signing that is to bring it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from eid.prepared import Credential, Prepared
from services.applications.application import Application
from services.applications.application import State as ApplicationState


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


# asking: which credential the person has · prepared: the hash is known · authorising: she is asked for it
# given: the signature is there and is being completed · failed: nothing was signed
State = Literal["asking", "prepared", "authorising", "given", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """A signing under way. `asked` is what was asked of the service, as its driver wrote it."""

    signature_id: UUID
    state: State
    asked: dict[str, Any] | None = None
    credential: Credential | None = None
    prepared: Prepared | None = None
    value: bytes | None = None
    failure: str | None = None
    changed_at: datetime


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
        waits = self.application.state is ApplicationState.AWAITING_SIGNATURE
        return waits and self.turn is not None and self.turn.id == self.own.id

    @property
    def turn(self) -> Signature | None:
        """The first signature that is not there yet."""
        return turn(self.all)

    @property
    def is_being_completed(self) -> bool:
        """Tell whether she has signed and the proof is being added."""
        return self.own.signed_at is None and self.signing is not None and self.signing.state == "given"


def turn(signatures: Sequence[Signature]) -> Signature | None:
    """Return the first signature that is not there yet."""
    return next((one for one in signatures if one.signed_at is None), None)
