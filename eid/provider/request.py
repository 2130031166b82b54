"""What a client asks of the eID, once its parameters have passed every check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Literal, Self
from uuid import UUID

import msgspec

Level = Literal["low", "substantial", "high"]
LEVELS: tuple[Level, ...] = ("low", "substantial", "high")  # in rising order, as eIDAS has them


def reaches(level: Level, minimum: Level) -> bool:
    """Tell whether `level` is at least `minimum`."""
    return LEVELS.index(level) >= LEVELS.index(minimum)


@dataclass(frozen=True, slots=True)
class ToSign:
    """What a client wants signed: by which key, exactly these hashes (hexadecimal), and what they are of.

    `details`: the same as a rich authorization request (RFC 9396), when it was asked so.
    """

    credential_id: str
    hash_algorithm: str
    hashes: tuple[str, ...]
    description: str | None
    details: str | None = None


@dataclass(frozen=True, slots=True)
class Authorization:
    """A request for authorization. Hints are kept as what they point to: `hinted_person` and `hinted_subject`.

    `same_person` is signed in too low for a client that knows her: nobody else may step up in her place.
    """

    client_id: str
    redirect_uri: str
    scope: str
    code_challenge: str
    acr: Level
    state: str | None = None
    nonce: str | None = None
    prompt: frozenset[str] = frozenset()
    max_age: int | None = None
    hinted_person: UUID | None = None
    hinted_subject: str | None = None
    ui_locales: str | None = None
    dpop_jkt: str | None = None
    same_person: UUID | None = None
    to_sign: ToSign | None = None

    def as_json(self) -> str:
        """Return the request as it is kept while the person is at the sign-in page."""
        return msgspec.json.encode(asdict(self)).decode()

    @classmethod
    def from_json(cls, kept: str) -> Self:
        """Return the request that `as_json` wrote."""
        return msgspec.json.decode(kept, type=cls)


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that is signed in to the eID: who, how surely, by what means and since when."""

    IDLE = timedelta(minutes=60)
    LONGEST = timedelta(hours=12)

    id: UUID
    person_id: UUID
    acr: Level
    amr: Sequence[str]
    auth_time: datetime
    seen_at: datetime
    told: Sequence[str] = ()  # the clients that have learned in this session who she is

    def is_live(self, now: datetime) -> bool:
        """Tell whether it may still be used: an hour after the last use, twelve after signing in."""
        return now - self.seen_at < self.IDLE and now - self.auth_time < self.LONGEST


@dataclass(frozen=True, slots=True)
class Grant:
    """An authorization code as it is kept: what was agreed at the sign-in page, for one client to fetch once."""

    code_hash: bytes
    client_id: str
    person_id: UUID
    redirect_uri: str
    code_challenge: str
    scope: str
    nonce: str | None
    sid: str
    acr: Level
    amr: Sequence[str]
    auth_time: datetime
    expires_at: datetime
    used_at: datetime | None = None
    dpop_jkt: str | None = None


@dataclass(frozen=True, slots=True)
class Access:
    """What an access token stands for; `jkt` names the key to which it is bound, if it is."""

    client_id: str
    person_id: UUID
    scope: str
    expires_at: datetime
    jkt: str | None = None


@dataclass(frozen=True, slots=True)
class Interaction:
    """A request whose person is at the sign-in page; `person_id` once she has said who she is.

    `approval_id` is what it waits for on her phone.
    """

    id: UUID
    browser_hash: bytes
    request: Authorization
    person_id: UUID | None
    expires_at: datetime
    finished_at: datetime | None
    approval_id: UUID | None = None
