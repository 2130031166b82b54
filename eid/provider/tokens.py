"""What the eID signs and gives out: ID tokens, and the keys that sign them."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Literal, cast

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey
from joserfc.jws import extract_compact

from eid.provider import store
from eid.provider.client import Client, SigningAlg
from eid.provider.dialect import issuer_of, subject_of, written
from eid.provider.errors import CannotStart
from eid.provider.issued.agreed import Agreed
from eid.provider.people import Enrolled
from eid.provider.secret import Secret, b64
from eid.provider.store import Connection

ID_TOKEN_LIVES = timedelta(minutes=5)
ACCESS_TOKEN_LIVES = timedelta(minutes=10)
CODE_LIVES = timedelta(seconds=60)
RETIRED_KEY_SERVED = timedelta(hours=24)
_SEALED_FOR = "signing key"
_ALGS = {"EC": ["ES256"], "RSA": ["RS256", "PS256"]}


Kind = Literal["EC", "RSA"]  # of key, as RFC 7517 calls it
_RSA_BITS = 2048


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """The keys that sign, and every public key that a client may need: the current, the next, the just retired.

    The RSA pair is there once a client has asked for RS256 or PS256 (`load_keys` with `with_rsa`).
    """

    current: ECKey
    published: tuple[dict[str, Any], ...]
    rsa: RSAKey | None = None

    def sign(self, claims: dict[str, Any], kind: str = "JWT", alg: SigningAlg = "ES256") -> str:
        """Return a token signed with the current key of the algorithm; RSA only by keys that were loaded with it."""
        key = self.current if alg == "ES256" else self.rsa
        if key is None:
            raise RuntimeError("The RSA keys were not loaded.")
        return jwt.encode({"alg": alg, "typ": kind, "kid": key.kid}, claims, key, [alg])

    def read(self, token: str) -> dict[str, Any] | None:
        """Return the claims of an ID token that we signed, expired or not; None for any other."""
        header, _claims = peek(token)
        public = next((key for key in self.published if key["kid"] == header.get("kid")), None)
        if public is None or header.get("typ") != "JWT":
            return None
        try:
            claims = jwt.decode(token, _key(json.dumps(public)), _ALGS[public["kty"]]).claims
        except (JoseError, ValueError):
            return None
        audience: object = claims["aud"]  # a list of one, where VIDconnect's dialect is spoken
        return claims | {"aud": audience[0]} if isinstance(audience, list) else claims


def peek(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return header and claims of a token without believing them; two empty ones when it is no token."""
    try:
        parts = extract_compact(token.encode())
        claims = json.loads(parts.payload)
    except (JoseError, ValueError, RecursionError):
        return {}, {}
    return (dict(parts.headers()), cast("dict[str, Any]", claims)) if isinstance(claims, dict) else ({}, {})


def moment(value: object) -> datetime | None:
    """Return a NumericDate (RFC 7519, section 2) as a time, or None when it is not one."""
    try:
        return None if isinstance(value, bool) else datetime.fromtimestamp(cast("float", value), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None


async def load_keys(connection: Connection, secret: Secret, now: datetime, *, with_rsa: bool = False) -> SigningKeys:
    """Return the signing keys, made at the first time; CannotStart when another EID_SECRET sealed them.

    RSA keys take a fifth of a second to make, so an eID whose clients all take ES256 never has any.
    """
    rows = await store.signing_keys(connection)
    if _missing(rows, with_rsa=with_rsa):
        rows = await _complete(connection, secret, now, with_rsa=with_rsa)
    private = {row["kty"]: _opened(secret, row["sealed_jwk"]) for row in rows if row["state"] == "current"}
    served = [row for row in rows if row["retired_at"] is None or now - row["retired_at"] < RETIRED_KEY_SERVED]
    return SigningKeys(
        cast("ECKey", private["EC"]),
        tuple(json.loads(row["public_jwk"]) for row in served),
        cast("RSAKey | None", private.get("RSA")),
    )


async def rotate_keys(connection: Connection, secret: Secret, now: datetime) -> None:
    """Let the next key of each kind sign and make another one; the old one is published for 24 hours more."""
    async with connection.transaction():
        rows = await store.signing_keys(connection, to_change=True)
        await store.rotate_keys(connection, now, RETIRED_KEY_SERVED)
        await _fill(connection, secret, now, with_rsa=any(row["kty"] == "RSA" for row in rows))


async def _complete(connection: Connection, secret: Secret, now: datetime, *, with_rsa: bool) -> list[store.Row]:
    async with connection.transaction():
        await store.signing_keys(connection, to_change=True)
        await _fill(connection, secret, now, with_rsa=with_rsa)
        return await store.signing_keys(connection)


async def _fill(connection: Connection, secret: Secret, now: datetime, *, with_rsa: bool) -> None:
    for kind, state in _missing(await store.signing_keys(connection), with_rsa=with_rsa):
        key = await asyncio.to_thread(_new_key, secret, kind)
        await store.save_key(connection, key, kind, state, now)


def _missing(rows: Iterable[store.Row], *, with_rsa: bool) -> list[tuple[Kind, str]]:
    """Return the keys that are yet to be made: a current and a next one of each kind."""
    there = {(row["kty"], row["state"]) for row in rows}
    kinds: tuple[Kind, ...] = ("EC", "RSA") if with_rsa else ("EC",)
    return [(kind, state) for kind in kinds for state in ("current", "next") if (kind, state) not in there]


def _new_key(secret: Secret, kind: Kind) -> tuple[str, str, str]:
    key: ECKey | RSAKey
    if kind == "EC":
        key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"})
    else:
        key = RSAKey.generate_key(_RSA_BITS, {"use": "sig"})  # of both algorithms, so it names none
    key.ensure_kid()
    public, private = key.as_dict(private=False), key.as_dict(private=True)
    return key.thumbprint(), json.dumps(public), secret.seal(_SEALED_FOR, json.dumps(private))


def _opened(secret: Secret, sealed: str) -> ECKey | RSAKey:
    private = secret.unseal(_SEALED_FOR, sealed)
    if private is None:
        raise CannotStart("EID_SECRET is not the secret with which this database's signing keys were sealed.")
    return _key(private)


@lru_cache(maxsize=32)
def _key(jwk: str) -> ECKey | RSAKey:
    """Return the key of a JWK, parsed once: an RSA key is checked at length each time that it is parsed."""
    kept = json.loads(jwk)
    return ECKey.import_key(kept) if kept["kty"] == "EC" else RSAKey.import_key(kept)


def id_token_claims(
    agreed: Agreed, person: Enrolled, client: Client, *, issuer: str, access_token: str, secret: Secret, now: datetime
) -> dict[str, Any]:
    """Return what an ID token says (OpenID Connect Core, section 2): who, to whom, how surely and since when."""
    at = int(now.timestamp())
    claims = {
        "iss": issuer_of(issuer, client),
        "sub": subject(secret, client, person),
        "aud": client.client_id,
        "iat": at,
        "exp": at + int(ID_TOKEN_LIVES.total_seconds()),
        "auth_time": int(agreed.auth_time.timestamp()),
        "acr": agreed.acr,
        "amr": list(agreed.amr),
        "at_hash": b64(hashlib.sha256(access_token.encode()).digest()[:16]),
        **({"sid": agreed.sid} if agreed.sid else {}),
        **({"nonce": agreed.nonce} if agreed.nonce else {}),
        **person.claims(agreed.scope),
    }
    return written(claims, client, person)


def userinfo_claims(client: Client, person: Enrolled, scope: str, secret: Secret) -> Mapping[str, Any]:
    """Return what userinfo says: the same person, as the same subject."""
    return written({"sub": subject(secret, client, person), **person.claims(scope)}, client, person)


def subject(secret: Secret, client: Client, person: Enrolled) -> str:
    """Return the person's opaque name for one client's host (OpenID Connect Core, section 8.1)."""
    return subject_of(client, secret.mark("sub", client.sector, str(person.id)))


def session_name(secret: Secret, session_id: object, client_id: str) -> str:
    """Return the name (`sid`) under which one client knows a session."""
    return secret.mark("sid", str(session_id), client_id)
