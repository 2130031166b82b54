"""POST /oauth2/token: who asks, and whether this code was given to it."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeGuard, cast

from joserfc import jwt
from joserfc.errors import JoseError

from eid.provider import store
from eid.provider.checks import Check, nothing_is_said_twice
from eid.provider.client import Client
from eid.provider.errors import Rejection
from eid.provider.parameters import Parameters
from eid.provider.request import Grant
from eid.provider.secret import b64, digest
from eid.provider.store import Connection
from eid.provider.tokens import moment, peek

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ASSERTION_LIVES = timedelta(minutes=5)
_SKEW = timedelta(seconds=10)
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")  # RFC 7636, section 4.1


@dataclass(slots=True)
class Redeeming:
    """A token request on its way through the checks."""

    parameters: Parameters
    connection: Connection
    issuer: str
    has_header: bool
    now: datetime
    assertion: dict[str, Any] = field(init=False)
    client: Client = field(init=False)
    grant: Grant = field(init=False)


async def _an_assertion_is_given(asked: Redeeming) -> None:
    if asked.has_header or asked.parameters.get("client_secret"):
        raise _not_the_client("Only private_key_jwt is supported.")
    if asked.parameters.get("client_assertion_type") != ASSERTION_TYPE:
        raise _not_the_client(f"client_assertion_type must be {ASSERTION_TYPE}.")
    if asked.parameters.get("client_assertion") is None:
        raise _not_the_client("client_assertion is missing.")


async def _the_assertion_is_signed(asked: Redeeming) -> None:
    """By the client that it names, with a key that the client registered."""
    token = cast("str", asked.parameters.get("client_assertion"))
    header, claimed = peek(token)
    name, kid = claimed.get("sub"), header.get("kid")
    client = await store.find_client(asked.connection, name) if _is_plain(name) else None
    keys = client.keys(kid) if client else []
    for key in keys:
        try:
            asked.assertion = jwt.decode(token, key, ["ES256"]).claims
        except (JoseError, ValueError, RecursionError):
            continue
        asked.client = cast("Client", client)
        return
    raise _not_the_client("The assertion is not signed (ES256) by a registered key of a registered client.")


async def _the_assertion_is_for_us(asked: Redeeming) -> None:
    """Issuer and subject are the client; the audience is this eID (or its token endpoint) and nobody else."""
    client_id, said = asked.client.client_id, asked.assertion
    if said.get("iss") != client_id or asked.parameters.get("client_id") not in {None, client_id}:
        raise _not_the_client("iss, sub and client_id must all be the client's id.")
    audience: object = said.get("aud")
    named = cast("list[object]", audience) if isinstance(audience, list) else [audience]
    if not named or any(one not in (asked.issuer, f"{asked.issuer}/oauth2/token") for one in named):
        raise _not_the_client("aud must be the issuer or the token endpoint, and nobody else.")


async def _the_assertion_is_fresh(asked: Redeeming) -> None:
    said = asked.assertion
    expires_at, limit = moment(said.get("exp")), asked.now + _ASSERTION_LIVES + _SKEW
    if expires_at is None or not asked.now - _SKEW < expires_at <= limit:
        raise _not_the_client("exp must be at most five minutes ahead.")
    for name in ("iat", "nbf"):
        at = moment(said.get(name)) if name in said else asked.now
        if at is None or at > asked.now + _SKEW:
            raise _not_the_client(f"{name} must not be in the future.")


async def _the_assertion_is_used_once(asked: Redeeming) -> None:
    jti = asked.assertion.get("jti")
    if not _is_plain(jti):
        raise _not_the_client("jti is missing.")
    until = asked.now + _ASSERTION_LIVES + 2 * _SKEW
    if not await store.spend_assertion(asked.connection, asked.client.client_id, jti, until):
        raise _not_the_client("This assertion was used before.")


async def _a_code_is_redeemed(asked: Redeeming) -> None:
    if asked.parameters.get("grant_type") is None:
        raise Rejection("invalid_request", "grant_type is missing.")
    if asked.parameters.get("grant_type") != "authorization_code":
        raise Rejection("unsupported_grant_type", "Only grant_type=authorization_code is supported.")
    for name in ("code", "redirect_uri", "code_verifier"):
        if asked.parameters.get(name) is None:
            raise Rejection("invalid_request", f"{name} is missing.")


async def _the_code_is_the_clients(asked: Redeeming) -> None:
    grant = await store.take_grant(asked.connection, digest(asked.parameters.get("code") or ""))
    if grant is None or grant.client_id != asked.client.client_id:
        raise Rejection("invalid_grant", "This code is not known, or was not given to this client.")
    asked.grant = grant


async def _the_code_is_unused(asked: Redeeming) -> None:
    """Whoever comes second may be a thief, or the first was: what the code gave is taken back (RFC 6749, 4.1.2)."""
    if asked.grant.used_at is not None:
        await store.revoke(asked.connection, asked.grant.code_hash)
        raise Rejection("invalid_grant", "This code was used before; the tokens that it gave are revoked.")


async def _the_code_is_fresh(asked: Redeeming) -> None:
    if asked.grant.expires_at <= asked.now:
        raise Rejection("invalid_grant", "This code has expired.")


async def _the_address_is_the_same(asked: Redeeming) -> None:
    if asked.parameters.get("redirect_uri") != asked.grant.redirect_uri:
        raise Rejection("invalid_grant", "redirect_uri is not the one that the code was asked with.")


async def _the_challenge_is_met(asked: Redeeming) -> None:
    verifier = asked.parameters.get("code_verifier") or ""
    met = b64(hashlib.sha256(verifier.encode()).digest())
    if not _VERIFIER.fullmatch(verifier) or not hmac.compare_digest(met, asked.grant.code_challenge):
        raise Rejection("invalid_grant", "code_verifier does not fit the code_challenge.")


CLIENT: tuple[Check[Redeeming], ...] = (
    nothing_is_said_twice,
    _an_assertion_is_given,
    _the_assertion_is_signed,
    _the_assertion_is_for_us,
    _the_assertion_is_fresh,
    _the_assertion_is_used_once,
)
TOKEN: tuple[Check[Redeeming], ...] = (
    *CLIENT,
    _a_code_is_redeemed,
    _the_code_is_the_clients,
    _the_code_is_unused,
    _the_code_is_fresh,
    _the_address_is_the_same,
    _the_challenge_is_met,
)


def _is_plain(text: object) -> TypeGuard[str]:
    """Tell whether this is a short text that the database can hold: a JSON string may carry half a surrogate pair."""
    longest = 255
    return isinstance(text, str) and 0 < len(text) <= longest and text.isprintable()


def _not_the_client(description: str) -> Rejection:
    return Rejection("invalid_client", description, status=401)
