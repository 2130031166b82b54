"""A request on a person's phone: who asks, what for, and what she answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from eid.provider.means.code import Pin

Kind: TypeAlias = Literal["sign_in", "backchannel", "signature"]
Outcome: TypeAlias = Literal["pending", "approved", "refused", "expired"]


@dataclass(frozen=True, slots=True)
class Approval:
    """A request on a person's phone.

    `browser_hash`: the browser that began it, when it was begun in one; `way_back`: the page of ours that it waits at.
    """

    id: UUID
    person_id: UUID
    client_id: str
    kind: Kind
    pin: Pin
    message: str | None  # the client's binding message, or what is to be signed; shown at both ends
    control_code: str  # four digits, shown on both screens
    state: Literal["pending", "approved", "refused"]
    created_at: datetime
    expires_at: datetime
    answered_at: datetime | None
    browser_hash: bytes | None = None
    way_back: str | None = None

    def must_pick(self, browser_hash: bytes) -> bool:
        """Tell whether the code is to be picked out of three on the phone `browser_hash`.

        Whoever was sent somebody else's QR code, or is asked at a counter, has to see the screen that asks.
        """
        return self.kind == "backchannel" or (self.kind == "sign_in" and self.browser_hash != browser_hash)


def outcome(approval: Approval, now: datetime) -> Outcome:
    """Return how it stands. An answer stands after the time is over: it was given before."""
    if approval.state == "pending" and now >= approval.expires_at:
        return "expired"
    return approval.state
