"""What tokens are made of: what a person agreed to, however she was asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from eid.provider.request import Grant, Level

OFFLINE = "offline_access"


@dataclass(frozen=True, slots=True)
class Agreed:
    """One person's yes to one client. Tokens given for it are a `family`: taken back together."""

    client_id: str
    person_id: UUID
    scope: str
    acr: Level
    amr: Sequence[str]
    auth_time: datetime
    family: bytes
    sid: str | None = None
    nonce: str | None = None

    @property
    def is_lasting(self) -> bool:
        """Whether the client may stay connected when the person has gone."""
        return OFFLINE in self.scope.split()


@dataclass(frozen=True, slots=True)
class Refresh:
    """A refresh token as it is kept; `jkt` names the key to which it is bound, if it is.

    It ends two weeks after it was given unless it is used, which gives another one; and the last one of a family ends
    ninety days after the person signed in.
    """

    IDLE: ClassVar = timedelta(days=14)
    LONGEST: ClassVar = timedelta(days=90)

    agreed: Agreed
    jkt: str | None
    expires_at: datetime
    used_at: datetime | None = None


def agreed_by_code(grant: Grant) -> Agreed:
    """Return what was agreed at the sign-in page."""
    return Agreed(
        client_id=grant.client_id,
        person_id=grant.person_id,
        scope=grant.scope,
        acr=grant.acr,
        amr=grant.amr,
        auth_time=grant.auth_time,
        family=grant.code_hash,
        sid=grant.sid,
        nonce=grant.nonce,
    )
