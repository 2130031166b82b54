"""What a provider says of a person: whether its token may be believed, and where in it the person stands."""

from __future__ import annotations

import base64
import hashlib
import hmac
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

from eid.errors import SignInFailed
from eid.person import Level, Person, reaches
from i18n.text import negotiate

Claims = Mapping[str, Any]
SKEW = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Expected:
    """What one sign-in was begun with, against which the ID token is held."""

    issuer: str
    client_id: str
    nonce: str
    acr: Level
    acr_values: Mapping[Level, str]
    assumed_acr: Level | None
    may_omit: frozenset[str]
    access_token: str
    is_fresh_wanted: bool
    max_age: int | None
    began_at: datetime
    now: datetime

    @property
    def signed_in_since(self) -> datetime | None:
        """The moment before which she must not have signed in; None when that was not asked."""
        if self.is_fresh_wanted:
            return self.began_at - SKEW
        return None if self.max_age is None else self.began_at - timedelta(seconds=self.max_age) - SKEW


def check(claims: Claims, expected: Expected) -> None:
    """Hold an ID token against what was expected, line by line; raise SignInFailed at the first that is wrong."""
    for name, holds in CHECKS:
        # A level that is not said is the one that is assumed of the provider, and is judged like any other.
        if name in expected.may_omit and name not in claims and name != "acr":
            continue
        if not holds(claims, expected):
            is_level_known = name == "acr" and ("acr" in claims or expected.assumed_acr is not None)
            raise SignInFailed("level_unmet" if is_level_known else f"id_token_{name}")


def check_renewed(claims: Claims, before: Claims) -> None:
    """Hold a renewed ID token against the one before it: the same person, session and sign-in; else SignInFailed."""
    is_same = all(claims.get(name) == before.get(name) for name in ("sub", "sid"))
    if not is_same or claims.get("auth_time", before.get("auth_time")) != before.get("auth_time"):
        raise SignInFailed("renewal_differs")


def check_signed_userinfo(claims: Claims, issuer: str, client_id: str, now: datetime) -> None:
    """Hold a signed userinfo answer against who asked whom (OpenID Connect Core, 5.3.2); else SignInFailed."""
    audience = claims.get("aud")
    is_ours = audience == client_id or (isinstance(audience, list) and client_id in audience)
    if claims.get("iss") != issuer or not is_ours:
        raise SignInFailed("userinfo_of_others")
    expires_at = moment(claims.get("exp"))
    if "exp" in claims and (expires_at is None or expires_at <= now - SKEW):
        raise SignInFailed("userinfo_exp")


def _issuer(claims: Claims, expected: Expected) -> bool:
    return claims.get("iss") == expected.issuer


def _subject(claims: Claims, _expected: Expected) -> bool:
    subject = claims.get("sub")
    return isinstance(subject, str) and 0 < len(subject) <= 255  # noqa: PLR2004 - OpenID Connect Core, section 2


def _audience(claims: Claims, expected: Expected) -> bool:
    """For us alone; for others too only when it says that we are the one it was issued to."""
    audience = claims.get("aud")
    if audience in (expected.client_id, [expected.client_id]):
        return True
    return isinstance(audience, list) and expected.client_id in audience and claims.get("azp") == expected.client_id


def _party(claims: Claims, expected: Expected) -> bool:
    return claims.get("azp", expected.client_id) == expected.client_id


def _expiry(claims: Claims, expected: Expected) -> bool:
    expires_at = moment(claims.get("exp"))
    return expires_at is not None and expires_at > expected.now - SKEW


def _issued(claims: Claims, expected: Expected) -> bool:
    issued_at = moment(claims.get("iat"))
    return issued_at is not None and expected.began_at - SKEW <= issued_at <= expected.now + SKEW


def _begins(claims: Claims, expected: Expected) -> bool:
    if "nbf" not in claims:
        return True
    begins_at = moment(claims["nbf"])
    return begins_at is not None and begins_at <= expected.now + SKEW


def _authenticated(claims: Claims, expected: Expected) -> bool:
    """Not in the future, and where a fresh sign-in was asked for, fresh."""
    since = expected.signed_in_since
    if "auth_time" not in claims:
        return since is None
    at = moment(claims["auth_time"])
    return at is not None and at <= expected.now + SKEW and (since is None or at >= since)


def _nonce(claims: Claims, expected: Expected) -> bool:
    return same(claims.get("nonce"), expected.nonce)


def _level(claims: Claims, expected: Expected) -> bool:
    level = level_of(claims, expected.acr_values, expected.assumed_acr)
    return level is not None and reaches(level, expected.acr)


def _access_token(claims: Claims, expected: Expected) -> bool:
    """Both tokens came in one answer: the left half of the hash of the other (OpenID Connect Core, 3.1.3.6)."""
    half = hashlib.sha256(expected.access_token.encode()).digest()[:16]
    given = claims.get("at_hash")
    # TARA's documentation shows it in the other alphabet of base64, and padded.
    plain = given.rstrip("=").replace("+", "-").replace("/", "_") if isinstance(given, str) else None
    return same(plain, base64.urlsafe_b64encode(half).rstrip(b"=").decode())


# An ID token is believed when all of this holds, in this order.
CHECKS: tuple[tuple[str, Callable[[Claims, Expected], bool]], ...] = (
    ("iss", _issuer),
    ("sub", _subject),
    ("aud", _audience),
    ("azp", _party),
    ("exp", _expiry),
    ("iat", _issued),
    ("nbf", _begins),
    ("auth_time", _authenticated),
    ("nonce", _nonce),
    ("acr", _level),
    ("at_hash", _access_token),
)


def level_of(claims: Claims, acr_values: Mapping[Level, str], assumed: Level | None) -> Level | None:
    """Return the level that `acr` stands for; `assumed` for a provider that states none."""
    if "acr" not in claims:
        return assumed
    return next((level for level, value in acr_values.items() if claims["acr"] == value), None)


def moment(value: object) -> datetime | None:
    """Return a NumericDate (seconds since 1970) as a time, None when it is not one that a calendar knows."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def same(given: object, wanted: str) -> bool:
    """Tell whether a secret is the wanted one, in a time that does not tell how much of it is."""
    return isinstance(given, str) and hmac.compare_digest(given.encode(), wanted.encode())


def person(claims: Claims, places: Mapping[str, str], numbers_of: str | None = None) -> Person:
    """Return the person whom the claims describe, read at `places`; SignInFailed when she is not all there.

    `numbers_of` is the country that stands in front of her personal number; another country's numbers are not ours.
    """
    found = {name: at(claims, place) for name, place in places.items()}
    number, birthdate = found.get("personal_number"), _date(found.get("birthdate"))
    if numbers_of and isinstance(number, str):
        if not number.startswith(numbers_of):
            raise SignInFailed("person_of_another_country")
        number = number.removeprefix(numbers_of)
    given, family = _name(found.get("given_name")), _name(found.get("family_name"))
    if not isinstance(number, str) or not re.fullmatch(r"[0-9]{10}", number) or not (given and family and birthdate):
        raise SignInFailed("person_incomplete")
    language = found.get("language")
    return Person(
        personal_number=number,
        given_name=given,
        family_name=family,
        birthdate=birthdate,
        email=_email(found.get("email")),
        language=negotiate(language if isinstance(language, str) else None),
    )


def at(claims: object, place: str) -> object:
    """Return what stands at a path such as `vp.verifiableCredential[0].credentialSubject.firstName`, or None."""
    value = claims
    for step in re.findall(r"[^.\[\]]+", place):
        if isinstance(value, Mapping):
            value = cast("Mapping[str, object]", value).get(step)
        elif isinstance(value, list) and step.isdecimal():
            items = cast("list[object]", value)
            value = items[int(step)] if int(step) < len(items) else None
        else:
            return None
    return value


def _name(value: object) -> str | None:
    longest = 200
    return value if isinstance(value, str) and value.strip() and len(value) <= longest and value.isprintable() else None


def _date(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _email(value: object) -> str | None:
    longest = 254
    is_address = isinstance(value, str) and len(value) <= longest and re.fullmatch(r"[^@\s]+@[^@\s]+", value)
    return value if is_address and isinstance(value, str) and value.isprintable() else None
