"""The key that no database holds: it marks each row of the tracker, and signs what each day came to."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec

from services.registers.signature import Keys, Signer


class AuditKey:
    """A P-256 key in PEM. It signs days, which anyone can check; from it follows a secret that marks rows."""

    def __init__(self, pem: str) -> None:
        self._signer = Signer(pem)
        self._secret = self._signer.secret("rows of the tracker")

    def mark(self, hashed: bytes) -> bytes:
        """Return the mark of a hash: nobody without the key can make one."""
        return hmac.digest(self._secret, hashed, "sha256")

    def marked(self, hashed: bytes, mark: bytes) -> bool:
        """Tell whether a mark is ours."""
        return hmac.compare_digest(self.mark(hashed), mark)

    def sign(self, day: Day) -> str:
        """Return the day's head, signed: a compact JWS whose content is the head as JSON."""
        return self._signer.compact(msgspec.json.encode(day), typ="tracker-day+jws")

    def sign_list(self, content: bytes) -> str:
        """Return a list of revoked documents, signed: a compact JWS (RFC 7515)."""
        return self._signer.compact(content, typ="document-revocations+jws")

    def published(self) -> Mapping[str, Any]:
        """Return the public key as a key set (RFC 7517)."""
        return {"keys": [self._signer.public()]}


@dataclass(frozen=True, slots=True)
class Day:
    """What a day came to: `root` over all its chains, and `previous`, the SHA-256 of the signed head before it."""

    day: date
    root: str
    chains: int
    reads: int
    previous: str | None
    sealed_at: datetime


_days = msgspec.json.Decoder(Day)


def day_of(signed: str, keys: Keys) -> Day | None:
    """Return the head that one of these keys signed, else None."""
    said = keys.content(signed)
    try:
        return None if said is None else _days.decode(said)
    except msgspec.DecodeError:
        return None
