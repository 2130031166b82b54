"""Tokens by which services of ours know each other: who calls whom, signed by ES256, for a minute (RFC 7519).

Made and read with python-jose, in this module and nowhere else (decision 75). Left alone, that library lets through
tokens without audience, expiry or subject, from the future, with critical headers that nobody understands, and signed
with a public key as a shared secret. What stands here names the algorithm, takes keys as JWK objects only, looks at
the header before the library does, and judges every claim itself, at a time that is passed in.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeGuard, cast

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from jose import jws, jwt  # pyright: ignore[reportMissingTypeStubs]
from jose.exceptions import JOSEError  # pyright: ignore[reportMissingTypeStubs]

ALGORITHM = "ES256"
TYPE = "service+jwt"
LIVES = timedelta(seconds=60)
SKEW = timedelta(seconds=10)
_LONGEST = 2048  # letters of a token
_NAME = 255
_HEADER = frozenset({"alg", "typ", "kid"})
_PUBLIC = frozenset({"kty", "crv", "x", "y", "kid", "use", "alg"})

Claims = Mapping[str, Any]


class NotOurs(Exception):  # noqa: N818 - what is wrong, for the log
    """A token that is not believed; `code` says which line of it is wrong and holds nothing of the token."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Between:
    """Who calls whom. A token says that `caller` made it, speaks for itself, and to nobody but `called`."""

    caller: str
    called: str


@dataclass(slots=True)
class Minter:
    """Makes tokens of one caller for one service; one is used for half its life, then another is made.

    Raises ValueError for a PEM that holds no private P-256 key.
    """

    pem: str
    between: Between
    _key: dict[str, str] = field(init=False, repr=False)
    _kept: tuple[str, datetime] | None = field(init=False, default=None, repr=False)

    def __post_init__(self) -> None:
        self._key = _private(self.pem)

    @property
    def public(self) -> dict[str, str]:
        """The public half of the key as a JWK, for whoever reads the tokens."""
        return {name: value for name, value in self._key.items() if name != "d"} | {"use": "sig", "alg": ALGORITHM}

    def token(self, now: datetime) -> str:
        """Return a token that is good for another half minute at least."""
        if self._kept is None or not now - LIVES / 2 < self._kept[1] <= now:
            self._kept = (self._made(now), now)
        return self._kept[0]

    def _made(self, now: datetime) -> str:
        at = int(now.timestamp())
        claims = {
            "iss": self.between.caller,
            "sub": self.between.caller,
            "aud": self.between.called,
            "iat": at,
            "exp": at + int(LIVES.total_seconds()),
            "jti": secrets.token_urlsafe(16),
        }
        return cast("Any", jwt).encode(claims, self._key, algorithm=ALGORITHM, headers={"typ": TYPE})


def read(token: str, public: Mapping[str, Any], between: Between, now: datetime) -> str:
    """Return the name (`jti`) of a token that this caller made for this service; NotOurs at the first wrong line.

    `public` is the caller's key as a JWK of P-256. A PEM is refused: the library would take it as a secret too.
    """
    key = _public(public)
    _judge_header(token, key)
    try:
        payload = cast("Any", jws).verify(token, key, [ALGORITHM])
        claims: object = json.loads(payload)
    except (JOSEError, ValueError, TypeError, RecursionError) as wrong:
        raise NotOurs("signature") from wrong
    if not isinstance(claims, dict):
        raise NotOurs("claims")
    said = cast("dict[str, Any]", claims)
    for name, holds in CHECKS:
        if not holds(said, between, now):
            raise NotOurs(name)
    return said["jti"]


def _issuer(said: Claims, between: Between, _now: datetime) -> bool:
    return said.get("iss") == between.caller


def _subject(said: Claims, between: Between, _now: datetime) -> bool:
    return said.get("sub") == between.caller


def _audience(said: Claims, between: Between, _now: datetime) -> bool:
    return said.get("aud") == between.called


def _issued(said: Claims, _between: Between, now: datetime) -> bool:
    at = said.get("iat")
    return _is_moment(at) and at <= (now + SKEW).timestamp()


def _expiry(said: Claims, _between: Between, now: datetime) -> bool:
    at = said.get("exp")
    return _is_moment(at) and at > (now - SKEW).timestamp()


def _life(said: Claims, _between: Between, _now: datetime) -> bool:
    return 0 < said["exp"] - said["iat"] <= LIVES.total_seconds()


def _begins(said: Claims, _between: Between, now: datetime) -> bool:
    return "nbf" not in said or (_is_moment(said["nbf"]) and said["nbf"] <= (now + SKEW).timestamp())


def _name(said: Claims, _between: Between, _now: datetime) -> bool:
    jti = said.get("jti")
    return isinstance(jti, str) and 0 < len(jti) <= _NAME and jti.isprintable()


# A token is believed when all of this holds, in this order.
CHECKS: tuple[tuple[str, Callable[[Claims, Between, datetime], bool]], ...] = (
    ("iss", _issuer),
    ("sub", _subject),
    ("aud", _audience),
    ("iat", _issued),
    ("exp", _expiry),
    ("life", _life),
    ("nbf", _begins),
    ("jti", _name),
)


def _is_moment(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _judge_header(token: str, key: Mapping[str, str]) -> None:
    """Refuse a header that says anything but our algorithm, our type and this key."""
    parts = token.split(".") if len(token) <= _LONGEST and token.isascii() else []
    try:
        header: object = json.loads(base64.urlsafe_b64decode(parts[0] + "==")) if len(parts) == 3 else None  # noqa: PLR2004 - header, claims, signature
    except (ValueError, RecursionError) as wrong:
        raise NotOurs("malformed") from wrong
    if not isinstance(header, dict):
        raise NotOurs("malformed")
    said = cast("dict[str, object]", header)
    if not set(said) <= _HEADER:
        raise NotOurs("header")
    if said.get("alg") != ALGORITHM:
        raise NotOurs("alg")
    if said.get("typ") != TYPE:
        raise NotOurs("typ")
    if said.get("kid", key.get("kid")) != key.get("kid"):
        raise NotOurs("kid")


def _public(key: object) -> dict[str, str]:
    """Return a public P-256 JWK as the library takes it; NotOurs for text, bytes, a secret, a private or other key."""
    jwk: Mapping[str, object] = cast("Mapping[str, object]", key) if isinstance(key, Mapping) else {}
    is_text = all(isinstance(value, str) for value in jwk.values())
    if (jwk.get("kty"), jwk.get("crv")) != ("EC", "P-256") or not set(jwk) <= _PUBLIC or not is_text:
        raise NotOurs("key")
    return {**cast("Mapping[str, str]", jwk), "alg": ALGORITHM}


def _private(pem: str) -> dict[str, str]:
    try:
        key = load_pem_private_key(pem.encode(), None)
    except (ValueError, TypeError) as wrong:
        raise ValueError("no private key in PEM") from wrong
    curve = key.curve if isinstance(key, ec.EllipticCurvePrivateKey) else None
    if not isinstance(curve, ec.SECP256R1):
        raise ValueError("no private P-256 key")  # noqa: TRY004 - a value of the settings
    private = cast("ec.EllipticCurvePrivateKey", key).private_numbers()
    numbers = {"x": private.public_numbers.x, "y": private.public_numbers.y, "d": private.private_value}
    return {"kty": "EC", "crv": "P-256", **{name: _b64(number) for name, number in numbers.items()}}


def _b64(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes(32, "big")).rstrip(b"=").decode()
