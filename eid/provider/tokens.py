"""What the eID signs and gives out: ID tokens, and the keys that sign them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from joserfc.jws import extract_compact

from eid.provider import store
from eid.provider.client import Client
from eid.provider.errors import CannotStart
from eid.provider.people import Enrolled
from eid.provider.request import Grant
from eid.provider.secret import Secret, b64
from eid.provider.store import Connection

ID_TOKEN_LIVES = timedelta(minutes=5)
ACCESS_TOKEN_LIVES = timedelta(minutes=10)
CODE_LIVES = timedelta(seconds=60)
RETIRED_KEY_SERVED = timedelta(hours=24)
_SEALED_FOR = "signing key"


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """The key that signs, and every public key that a client may need: the current, the next, the just retired."""

    current: ECKey
    published: tuple[dict[str, Any], ...]

    def sign(self, claims: dict[str, Any], kind: str = "JWT") -> str:
        """Return a token signed with the current key (ES256)."""
        return jwt.encode({"alg": "ES256", "typ": kind, "kid": self.current.kid}, claims, self.current, ["ES256"])

    def read(self, token: str) -> dict[str, Any] | None:
        """Return the claims of an ID token that we signed, expired or not; None for any other."""
        header, _claims = peek(token)
        key = next((key for key in self.published if key["kid"] == header.get("kid")), None)
        if key is None or header.get("typ") != "JWT":
            return None
        try:
            return jwt.decode(token, ECKey.import_key(dict(key)), ["ES256"]).claims
        except (JoseError, ValueError):
            return None


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


async def load_keys(connection: Connection, secret: Secret, now: datetime) -> SigningKeys:
    """Return the signing keys, made at the first time; CannotStart when another EID_SECRET sealed them."""
    rows = await store.signing_keys(connection)
    if {"current", "next"} - {row["state"] for row in rows}:
        rows = await _complete(connection, secret, now)
    sealed = next(row["sealed_jwk"] for row in rows if row["state"] == "current")
    private = secret.unseal(_SEALED_FOR, sealed)
    if private is None:
        raise CannotStart("EID_SECRET is not the secret with which this database's signing keys were sealed.")
    served = [row for row in rows if row["retired_at"] is None or now - row["retired_at"] < RETIRED_KEY_SERVED]
    return SigningKeys(ECKey.import_key(json.loads(private)), tuple(json.loads(row["public_jwk"]) for row in served))


async def rotate_keys(connection: Connection, secret: Secret, now: datetime) -> None:
    """Let the next key sign and make another one; the old one is published for 24 hours more."""
    async with connection.transaction():
        await store.signing_keys(connection, to_change=True)
        await store.rotate_keys(connection, now, RETIRED_KEY_SERVED)
        await _fill(connection, secret, now)


async def _complete(connection: Connection, secret: Secret, now: datetime) -> list[store.Row]:
    async with connection.transaction():
        await store.signing_keys(connection, to_change=True)
        await _fill(connection, secret, now)
        return await store.signing_keys(connection)


async def _fill(connection: Connection, secret: Secret, now: datetime) -> None:
    states = {row["state"] for row in await store.signing_keys(connection)}
    for state in ("current", "next"):
        if state not in states:
            await store.save_key(connection, _new_key(secret), state, now)


def _new_key(secret: Secret) -> tuple[str, str, str]:
    key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"})
    key.ensure_kid()
    public, private = key.as_dict(private=False), key.as_dict(private=True)
    return key.thumbprint(), json.dumps(public), secret.seal(_SEALED_FOR, json.dumps(private))


def id_token_claims(
    grant: Grant, person: Enrolled, client: Client, *, issuer: str, access_token: str, secret: Secret, now: datetime
) -> dict[str, Any]:
    """Return what an ID token says (OpenID Connect Core, section 2): who, to whom, how surely and since when."""
    at = int(now.timestamp())
    return {
        "iss": issuer,
        "sub": subject(secret, client, person),
        "aud": client.client_id,
        "iat": at,
        "exp": at + int(ID_TOKEN_LIVES.total_seconds()),
        "auth_time": int(grant.auth_time.timestamp()),
        "acr": grant.acr,
        "amr": list(grant.amr),
        "sid": grant.sid,
        "at_hash": b64(hashlib.sha256(access_token.encode()).digest()[:16]),
        **({"nonce": grant.nonce} if grant.nonce else {}),
        **person.claims(grant.scope),
    }


def userinfo_claims(client: Client, person: Enrolled, scope: str, secret: Secret) -> Mapping[str, Any]:
    """Return what userinfo says: the same person, as the same subject."""
    return {"sub": subject(secret, client, person), **person.claims(scope)}


def subject(secret: Secret, client: Client, person: Enrolled) -> str:
    """Return the person's opaque name for one client's host (OpenID Connect Core, section 8.1)."""
    return secret.mark("sub", client.sector, str(person.id))


def session_name(secret: Secret, session_id: object, client_id: str) -> str:
    """Return the name (`sid`) under which one client knows a session."""
    return secret.mark("sid", str(session_id), client_id)
