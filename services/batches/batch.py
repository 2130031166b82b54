"""A batch: the applications that an officer approves together, her reasons, and the signing that is under way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.signing.signing import Signing

MOST = 20
APPROVED = "approved"


@dataclass(frozen=True, slots=True)
class Case:
    """One application as it was shown; `outcome` is what became of it: approved, or the code of why not."""

    application_id: UUID
    reference: str
    revision: int
    outcome: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What an officer approves together; `text` and `sheet` are there once she goes on to sign."""

    id: UUID
    officer_id: UUID
    service_id: str
    made_at: datetime
    cases: tuple[Case, ...]
    text: str | None
    sheet: bytes | None
    signing: Signing | None
    signed_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Tell whether it is hers to sign now: the reasons are written, and she has not signed."""
        return self.sheet is not None and not self.is_given

    @property
    def is_given(self) -> bool:
        """Tell whether she has signed: the list and its reasons can no longer change."""
        return self.signed_at is not None or (self.signing is not None and self.signing.state == "given")

    @property
    def is_working(self) -> bool:
        """Tell whether something still happens by itself: the signature is completed, or cases are decided."""
        return self.is_given and (self.signed_at is None or any(case.outcome is None for case in self.cases))
