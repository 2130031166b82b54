"""A payment as the provider sees it: what a merchant asks of a payer, and what the payer did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from i18n.text import Language, Wording

# No control character in what is stored and shown (PostgreSQL takes no NUL).
_Words = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"\A[^\x00-\x1f\x7f]*\Z")]
_MOST = 100_000_00  # cents


class State(StrEnum):
    """Where a payment stands: open until one of the others, once."""

    OPEN = "open"
    PAID = "paid"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Description(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is paid for, in the languages of the hosted page."""

    sq: _Words
    sr: _Words
    en: _Words

    def wording(self) -> Wording:
        """Return the words to say in the payer's language."""
        return Wording(self.sq, self.sr, self.en)


class Opening(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a merchant sends to open a payment; `amount` in cents, `reference` is the merchant's own id."""

    reference: UUID
    amount: Annotated[int, Meta(ge=1, le=_MOST)]
    currency: Literal["EUR"]
    description: Description
    language: Language
    return_url: Annotated[str, Meta(max_length=2000)]
    payer_note: Annotated[str, Meta(max_length=140, pattern=r"\A[^\x00-\x1f\x7f]*\Z")] = ""


@dataclass(frozen=True, slots=True)
class Method:
    """With what a payment was paid or tried: a card by its last four digits only, or a bank."""

    kind: Literal["card", "bank"]
    name: str


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment; `token` names its hosted page and is known to the payer only."""

    id: str
    token: str
    reference: UUID
    amount: int
    description: Description
    language: Language
    return_url: str
    payer_note: str
    state: State
    method: Method | None
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None

    def is_as_asked(self, opening: Opening) -> bool:
        """Whether `opening` asks for this same payment: a key stands for what is paid, not for the way back."""
        return (self.reference, self.amount, self.description) == (
            opening.reference,
            opening.amount,
            opening.description,
        )

    def news(self) -> dict[str, Any]:
        """Return what merchants are told, in answers and messages alike."""
        return {
            "id": self.id,
            "reference": self.reference,
            "amount": self.amount,
            "currency": "EUR",
            "state": self.state,
        }
