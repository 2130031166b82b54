"""A signing: the steps that lead to one signature, each kept before the next begins, whatever it is that is signed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal, Self

from eid.prepared import Credential, Prepared

# What is prepared names the time at which it was; later it is prepared anew.
_PREPARED_LIVES = timedelta(minutes=30)

# asking: which credential the person has · prepared: the hash is known · authorising: she is asked for it
# given: the signature is there and is being completed · failed: nothing was signed
State = Literal["asking", "prepared", "authorising", "given", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """A signing under way. `asked` is what was asked of the service, as its driver wrote it."""

    state: State
    changed_at: datetime
    asked: dict[str, Any] | None = None
    credential: Credential | None = None
    prepared: Prepared | None = None
    value: bytes | None = None
    failure: str | None = None

    @classmethod
    def begun(cls, asked: dict[str, Any], now: datetime) -> Self:
        """Return one in which the service is asked which credential the person has."""
        return cls(state="asking", asked=asked, changed_at=now)

    @classmethod
    def ready(cls, credential: Credential, prepared: Prepared, now: datetime) -> Self:
        """Return one whose hash is known, with the credential that is to sign it."""
        return cls(state="prepared", credential=credential, prepared=prepared, changed_at=now)

    @classmethod
    def by_code(cls, asked: dict[str, Any], now: datetime) -> Self:
        """Return one for which a one-time code is on the person's phone."""
        return cls(state="authorising", asked=asked, changed_at=now)

    @classmethod
    def failed(cls, code: str, now: datetime) -> Self:
        """Return one that brought no signature, and why."""
        return cls(state="failed", failure=code, changed_at=now)

    def authorising(self, asked: dict[str, Any], now: datetime) -> Self:
        """Return it with the person asked at the service to sign what is prepared."""
        return replace(self, state="authorising", asked=asked, changed_at=now)

    def given(self, prepared: Prepared, value: bytes, now: datetime) -> Self:
        """Return it with the bare signature, which counts only when it is in the sheet."""
        return replace(self, state="given", asked=None, prepared=prepared, value=value, changed_at=now)

    def digits(self, now: datetime) -> str:
        """Return the digits of the hash that is to be signed; "" when none is prepared, or too long ago."""
        waits = self.prepared is not None and self.state != "given" and now - self.changed_at < _PREPARED_LIVES
        return self.prepared.shown if self.prepared and waits else ""
