"""Who asks, at every endpoint for machines: the client that proves it as it has registered (RFC 7523)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeGuard, cast

from joserfc import jwt
from joserfc.errors import JoseError

from eid.provider import store
from eid.provider.call import Call
from eid.provider.checks import Check, nothing_is_said_twice
from eid.provider.client import Client
from eid.provider.errors import Rejection
from eid.provider.parameters import Parameters
from eid.provider.store import Connection
from eid.provider.tokens import moment, peek

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ASSERTION_LIVES = timedelta(minutes=5)
_SKEW = timedelta(seconds=10)


@dataclass(slots=True, kw_only=True)
class Asking:
    """A call on its way through the checks."""

    call: Call
    connection: Connection
    issuer: str
    now: datetime
    assertion: dict[str, Any] = field(init=False)
    client: Client = field(init=False)

    @property
    def parameters(self) -> Parameters:
        """What was sent."""
        return self.call.parameters


async def _an_assertion_is_given(asked: Asking) -> None:
    if asked.call.authorization or asked.parameters.get("client_secret"):
        raise _not_the_client("Only private_key_jwt is supported.")
    if asked.parameters.get("client_assertion_type") != ASSERTION_TYPE:
        raise _not_the_client(f"client_assertion_type must be {ASSERTION_TYPE}.")
    if asked.parameters.get("client_assertion") is None:
        raise _not_the_client("client_assertion is missing.")


async def _the_assertion_is_signed(asked: Asking) -> None:
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


async def _the_assertion_is_for_us(asked: Asking) -> None:
    """Issuer and subject are the client; the audience is this eID (or its endpoint) and nobody else."""
    client_id, said = asked.client.client_id, asked.assertion
    if said.get("iss") != client_id or asked.parameters.get("client_id") not in {None, client_id}:
        raise _not_the_client("iss, sub and client_id must all be the client's id.")
    audience: object = said.get("aud")
    named = cast("list[object]", audience) if isinstance(audience, list) else [audience]
    if not named or any(
        one not in (asked.issuer, f"{asked.issuer}/oauth2/token", asked.issuer + asked.call.path) for one in named
    ):
        raise _not_the_client("aud must be the issuer or the endpoint, and nobody else.")


async def _the_assertion_is_fresh(asked: Asking) -> None:
    said = asked.assertion
    expires_at, limit = moment(said.get("exp")), asked.now + _ASSERTION_LIVES + _SKEW
    if expires_at is None or not asked.now - _SKEW < expires_at <= limit:
        raise _not_the_client("exp must be at most five minutes ahead.")
    for name in ("iat", "nbf"):
        at = moment(said.get(name)) if name in said else asked.now
        if at is None or at > asked.now + _SKEW:
            raise _not_the_client(f"{name} must not be in the future.")


async def _the_assertion_is_used_once(asked: Asking) -> None:
    jti = asked.assertion.get("jti")
    if not _is_plain(jti):
        raise _not_the_client("jti is missing.")
    until = asked.now + _ASSERTION_LIVES + 2 * _SKEW
    if not await store.spend_assertion(asked.connection, asked.client.client_id, jti, until):
        raise _not_the_client("This assertion was used before.")


CLIENT: tuple[Check[Asking], ...] = (
    nothing_is_said_twice,
    _an_assertion_is_given,
    _the_assertion_is_signed,
    _the_assertion_is_for_us,
    _the_assertion_is_fresh,
    _the_assertion_is_used_once,
)


def _is_plain(text: object) -> TypeGuard[str]:
    """Tell whether this is a short text that the database can hold: a JSON string may carry half a surrogate pair."""
    longest = 255
    return isinstance(text, str) and 0 < len(text) <= longest and text.isprintable()


def _not_the_client(description: str) -> Rejection:
    return Rejection("invalid_client", description, status=401)
