"""What a provider says when it ends a session from its end (OpenID Connect Back-Channel Logout 1.0, section 2.4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from eid.claims import SKEW, moment
from eid.errors import SignInFailed

Claims = Mapping[str, Any]
EVENT = "http://schemas.openid.net/event/backchannel-logout"
_LONGEST = 255  # letters of a name
_FRESH = timedelta(minutes=10)  # a message is good for this long where it does not say itself


@dataclass(frozen=True, slots=True)
class Logout:
    """A session that ended (`sid`), or every one of a person (`subject`) that began before `issued_at`.

    `jti` names the message, which counts once; after `expires_at` it counts no more.
    """

    issuer: str
    sid: str | None
    subject: str | None
    jti: str
    issued_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Awaited:
    """What a logout token is held against."""

    issuer: str
    client_id: str
    may_omit: frozenset[str]
    now: datetime


def read(claims: Claims, awaited: Awaited) -> Logout:
    """Return what the claims say, once each of them is right; SignInFailed at the first that is wrong."""
    for name, holds in CHECKS:
        if not holds(claims, awaited):
            raise SignInFailed(f"logout_token_{name}")
    issued_at = moment(claims["iat"]) or awaited.now
    return Logout(
        issuer=awaited.issuer,
        sid=claims.get("sid"),
        subject=claims.get("sub"),
        jti=claims["jti"],
        issued_at=issued_at,
        expires_at=moment(claims.get("exp")) or issued_at + _FRESH,
    )


def _issuer(claims: Claims, awaited: Awaited) -> bool:
    return claims.get("iss") == awaited.issuer


def _audience(claims: Claims, awaited: Awaited) -> bool:
    return claims.get("aud") in (awaited.client_id, [awaited.client_id])


def _issued(claims: Claims, awaited: Awaited) -> bool:
    issued_at = moment(claims.get("iat"))
    return issued_at is not None and issued_at <= awaited.now + SKEW


def _expiry(claims: Claims, awaited: Awaited) -> bool:
    """Not expired; where the provider is known to name no time, then fresh."""
    if "exp" not in claims and "logout_exp" in awaited.may_omit:
        issued_at = moment(claims.get("iat"))
        return issued_at is not None and issued_at > awaited.now - _FRESH
    expires_at = moment(claims.get("exp"))
    return expires_at is not None and expires_at > awaited.now - SKEW


def _is_name(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _LONGEST and value.isprintable()


def _name(claims: Claims, _awaited: Awaited) -> bool:
    return _is_name(claims.get("jti"))


def _event(claims: Claims, _awaited: Awaited) -> bool:
    events: object = claims.get("events")
    return isinstance(events, dict) and isinstance(events.get(EVENT), dict)  # pyright: ignore[reportUnknownMemberType]


def _whom(claims: Claims, _awaited: Awaited) -> bool:
    named = [claims[name] for name in ("sid", "sub") if name in claims]
    return bool(named) and all(_is_name(value) for value in named)


def _nonce(claims: Claims, _awaited: Awaited) -> bool:
    """Hold when there is none: an ID token is never a logout token."""
    return "nonce" not in claims


# A logout token is believed when all of this holds, in this order (section 2.6).
CHECKS: tuple[tuple[str, Callable[[Claims, Awaited], bool]], ...] = (
    ("iss", _issuer),
    ("aud", _audience),
    ("iat", _issued),
    ("exp", _expiry),
    ("jti", _name),
    ("events", _event),
    ("nonce", _nonce),
    ("sid", _whom),
)
