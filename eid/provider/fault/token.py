"""Makes an ID token wrong, in its claims or in its signature."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from eid.provider.client import SigningAlg
from eid.provider.secret import b64
from eid.provider.tokens import SigningKeys, peek

Claims = dict[str, Any]
_AHEAD = 6 * 60  # seconds; clients allow for one minute
_LONG_AGO = 60 * 60


def _but(**changed: object) -> Callable[[Claims], Claims]:
    """Return a change: these values in place of the right ones; `...` takes one out."""
    return lambda claims: {name: value for name, value in (claims | changed).items() if value is not ...}


def _moved(seconds: int, *names: str) -> Callable[[Claims], Claims]:
    return lambda claims: claims | {name: claims[name] + seconds for name in names if name in claims}


CLAIMS: dict[str, Callable[[Claims], Claims]] = {
    "wrong_iss": _but(iss="https://another.example"),
    "wrong_aud": _but(aud="another-client"),
    "wrong_nonce": _but(nonce="another-nonce"),
    "wrong_at_hash": _but(at_hash="another-token's-hash--"),
    "missing_acr": _but(acr=...),
    "low_acr": _but(acr="low"),
    "expired": _moved(-_LONG_AGO, "iat", "nbf", "exp"),
    "clock_ahead": _moved(_AHEAD, "iat", "nbf", "exp", "auth_time"),
}


@dataclass
class Forger:
    """Signs as the eID should not. The keys it makes live as long as this process; `published` joins the eID's own."""

    rotated: dict[SigningAlg, ECKey | RSAKey] = field(default_factory=dict[SigningAlg, ECKey | RSAKey])

    @property
    def published(self) -> list[dict[str, Any]]:
        """The public keys to which the eID rotated without having announced them."""
        return [cast("dict[str, Any]", key.as_dict(private=False)) for key in self.rotated.values()]

    def forged(self, token: str, kind: str, keys: SigningKeys) -> str:
        """Return an ID token that is wrong in one way."""
        header, claims = peek(token)
        alg = cast("SigningAlg", header["alg"])
        if kind in CLAIMS:
            return keys.sign(CLAIMS[kind](claims), "JWT", alg)
        if kind == "wrong_signature":
            return _broken(token)
        if kind == "alg_none":
            return f"{_unsigned(header | {'alg': 'none'}, claims)}."
        if kind == "alg_hs256":
            return _with_public_key_as_secret(header, claims, keys)
        key = _new_key(alg) if kind == "unknown_kid" else self.rotated.setdefault(alg, _new_key(alg))
        return jwt.encode({**header, "kid": key.kid}, claims, key, [alg])


def _broken(token: str) -> str:
    signed, _dot, signature = token.rpartition(".")
    raw = bytearray(base64.urlsafe_b64decode(signature + "=="))
    raw[-1] ^= 1
    return f"{signed}.{b64(bytes(raw))}"


def _unsigned(header: dict[str, Any], claims: Claims) -> str:
    return ".".join(b64(json.dumps(part, separators=(",", ":")).encode()) for part in (header, claims))


def _with_public_key_as_secret(header: dict[str, Any], claims: Claims, keys: SigningKeys) -> str:
    """Return what a client takes that lets the token choose its algorithm: everyone has the secret."""
    public = next(key for key in keys.published if key["kid"] == header["kid"])
    key = ECKey.import_key(dict(public)) if public["kty"] == "EC" else RSAKey.import_key(dict(public))
    secret = key.public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    signed = _unsigned(header | {"alg": "HS256"}, claims)
    return f"{signed}.{b64(hmac.digest(secret, signed.encode(), hashlib.sha256))}"


def _new_key(alg: SigningAlg) -> ECKey | RSAKey:
    key = ECKey.generate_key("P-256", {"use": "sig"}) if alg == "ES256" else RSAKey.generate_key(2048, {"use": "sig"})
    key.ensure_kid()
    return key
