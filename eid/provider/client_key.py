"""The keys with which clients sign: P-256 for ES256, RSA of 2048 bits and more for PS256 (RFC 7517)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias, cast

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

ClientKey: TypeAlias = ECKey | RSAKey
Algorithm: TypeAlias = Literal["ES256", "PS256"]
ALGORITHMS: tuple[Algorithm, ...] = ("ES256", "PS256")
_PRIVATE = frozenset({"d", "k", "p", "q", "dp", "dq", "qi", "oth"})  # what no public key has (RFC 7518, section 6)
_RSA_LENGTHS = range(2048 // 6 + 1, 8192 // 6 + 3)  # of the modulus in base64url, which carries six bits a character


def algorithm_of(key: ClientKey) -> Algorithm:
    """Return the one algorithm that a key signs with: its kind decides, never the token."""
    return "ES256" if isinstance(key, ECKey) else "PS256"


def usable_keys(jwks: Mapping[str, Any]) -> list[ClientKey]:
    """Return the signature keys of a set that we can use; others are passed over (RFC 7517, section 5)."""
    found = (usable_key(entry) for entry in _entries(jwks) if entry.get("use", "sig") == "sig")
    return [key for key in found if key]


def usable_key(entry: Mapping[str, Any]) -> ClientKey | None:
    """Return the public key that a JWK describes, None when it is private, weak or of another kind."""
    if holds_secret(entry) or entry.get("alg", "ES256" if entry.get("kty") == "EC" else "PS256") not in ALGORITHMS:
        return None
    try:
        if entry.get("kty") == "EC" and entry.get("crv") == "P-256":
            return ECKey.import_key(dict(entry))
        if entry.get("kty") == "RSA" and len(str(entry.get("n"))) in _RSA_LENGTHS:
            return RSAKey.import_key(dict(entry))
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    return None


def holds_secret(entry: Mapping[str, Any]) -> bool:
    """Tell whether a JWK holds a private or a symmetric key."""
    return not _PRIVATE.isdisjoint(entry)


def any_secret(jwks: Mapping[str, Any]) -> bool:
    """Tell whether a key of the set is not public."""
    return any(holds_secret(entry) for entry in _entries(jwks))


def _entries(jwks: Mapping[str, Any]) -> list[dict[str, Any]]:
    entries: object = jwks.get("keys")
    if not isinstance(entries, list):
        return []
    return [cast("dict[str, Any]", entry) for entry in cast("list[object]", entries) if isinstance(entry, dict)]
