"""Who is enrolled with the eID, and the rules of her PIN: three tries, then locked."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from eid.provider.secret import Secret, b64
from i18n.text import Language, Wording

TRIES = 3
# 16 MiB and some 40 ms a try (RFC 7914): four digits are few, so the secret peppers them too.
_SCRYPT = {"n": 2**14, "r": 8, "p": 1}


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A person with an eID. `shows` is her line on the sign-in page, None for one who is not listed there."""

    id: UUID
    personal_number: str
    given_name: str
    family_name: str
    birthdate: date
    email: str | None
    language: Language
    shows: Wording | None
    pin_hash: str
    wrong_tries: int
    locked_at: datetime | None

    @property
    def name(self) -> str:
        """Given and family name, as on the card."""
        return f"{self.given_name} {self.family_name}"

    @property
    def shown_as(self) -> str:
        """What the sign-in page calls her: her name is not told to whoever types her personal number."""
        return self.name if self.shows else f"*******{self.personal_number[-3:]}"

    def is_locked(self, now: datetime, lasts: timedelta) -> bool:
        """Tell whether three wrong PINs lock her out at `now`; in the demo a lock ends by itself."""
        return self.locked_at is not None and now < self.locked_at + lasts

    def tries_left(self, now: datetime, lasts: timedelta) -> int:
        """Return how many wrong PINs she has left; a lock that has ended gives her all of them back."""
        if self.locked_at is not None:
            return 0 if self.is_locked(now, lasts) else TRIES
        return TRIES - self.wrong_tries

    def claims(self, scope: str) -> dict[str, Any]:
        """Return what a client is told of her: who she is with `openid`, how to write to her with `email`."""
        who = {
            "given_name": self.given_name,
            "family_name": self.family_name,
            "birthdate": self.birthdate.isoformat(),
            "personal_number": self.personal_number,
            "locale": self.language,
        }
        return who | ({"email": self.email} if self.email and "email" in scope.split() else {})


def hash_pin(pin: str, secret: Secret) -> str:
    """Return what is kept of a PIN: of no use to whoever reads the database without the eID's secret."""
    salt = secrets.token_bytes(16)
    return f"scrypt${b64(salt)}${_scrypt(pin, b64(salt), secret)}"


def pin_matches(pin: str, kept: str, secret: Secret) -> bool:
    """Tell whether `pin` is the one that `kept` was made of; takes about 40 ms of one core."""
    _kind, salt, expected = kept.split("$")
    return hmac.compare_digest(_scrypt(pin, salt, secret), expected)


def _scrypt(pin: str, salt: str, secret: Secret) -> str:
    peppered = secret.mark("PIN", pin).encode()
    return b64(hashlib.scrypt(peppered, salt=salt.encode(), maxmem=64 * 2**20, dklen=32, **_SCRYPT))
