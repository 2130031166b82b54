"""Leave to sign: one client, one key, exactly these hashes, once, within five minutes of the person's yes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias
from uuid import UUID

LIVES = timedelta(minutes=5)  # after she has authorised it
MOST_HASHES = 10
Digests: TypeAlias = tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Activation:
    """What a person allowed. `hashes` are those not yet signed; `is_spent` once its SAD was used.

    `token_hash` names the access token that it was given with, when it was given by the browser; `details`: what was
    asked for, as a rich authorization request.
    """

    id: UUID
    credential_id: str
    client_id: str
    hash_algorithm: str
    hashes: Digests
    approval_id: UUID | None
    is_spent: bool
    expires_at: datetime
    token_hash: bytes | None = None
    details: str | None = None

    def covers(self, digests: Digests) -> bool:
        """Tell whether these may be signed: each as often as it was allowed."""
        return bool(digests) and Counter(digests) <= Counter(self.hashes)

    def without(self, digests: Digests) -> Digests:
        """Return what is left when these have been signed."""
        return tuple((Counter(self.hashes) - Counter(digests)).elements())


def first_digits(digest: bytes) -> str:
    """Return the first eight hexadecimal digits of a hash: what a person compares at both ends."""
    return digest.hex()[:8]
