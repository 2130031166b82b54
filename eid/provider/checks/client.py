"""Who asks, at every endpoint for machines: the client that proves it as it has registered (RFC 7523)."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeGuard, cast
from urllib.parse import unquote_plus

from joserfc import jwt
from joserfc.errors import JoseError

from eid.provider import store
from eid.provider.call import Call
from eid.provider.checks import Check, nothing_is_said_twice, run
from eid.provider.client import AuthMethod, Client
from eid.provider.client_key import ClientKey, algorithm_of
from eid.provider.dialect import is_at_home
from eid.provider.errors import Rejection
from eid.provider.parameters import Parameters
from eid.provider.remote_keys import RemoteKeys
from eid.provider.secret import Secret
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
    secret: Secret
    issuer: str
    remote_keys: RemoteKeys
    now: datetime
    method: AuthMethod = field(init=False)
    assertion: dict[str, Any] = field(init=False)
    client: Client = field(init=False)

    @property
    def parameters(self) -> Parameters:
        """What was sent."""
        return self.call.parameters


async def _one_method_is_used(asked: Asking) -> None:
    sent = asked.parameters
    used: list[AuthMethod] = [
        *(("client_secret_basic",) if asked.call.authorization is not None else ()),
        *(("client_secret_post",) if sent.get("client_secret") else ()),
        *(("private_key_jwt",) if sent.get("client_assertion") else ()),
    ]
    if len(used) != 1:
        raise _not_the_client("A client must prove who it is, by one method.")
    asked.method = used[0]


async def _the_client_is_known(asked: Asking) -> None:
    """By the name that it says with its proof; one that it says besides must be the same."""
    name = _NAMES[asked.method](asked)
    if not _is_plain(name) or asked.parameters.get("client_id") not in {None, name}:
        raise _not_the_client("The client names itself in two ways, or in none.")
    client = await store.find_client(asked.connection, name)
    if client is None or not is_at_home(client, asked.call.path):
        raise _not_the_client("This client is not known here.")
    asked.client = client


async def _the_method_is_its_own(asked: Asking) -> None:
    if asked.client.token_endpoint_auth_method != asked.method:
        raise _not_the_client(f"This client has registered {asked.client.token_endpoint_auth_method}.")


async def _the_proof_holds(asked: Asking) -> None:
    await run(PROOFS[asked.method], asked)


async def _the_assertion_is_of_its_kind(asked: Asking) -> None:
    if asked.parameters.get("client_assertion_type") != ASSERTION_TYPE:
        raise _not_the_client(f"client_assertion_type must be {ASSERTION_TYPE}.")


async def _the_assertion_is_signed(asked: Asking) -> None:
    """With a key that the client registered, by the algorithm of that key."""
    token = asked.parameters.get("client_assertion") or ""
    kid: object = peek(token)[0].get("kid")
    for key in _keys(asked, kid if isinstance(kid, str) else None):
        try:
            asked.assertion = jwt.decode(token, key, [algorithm_of(key)]).claims
        except (JoseError, ValueError, RecursionError):
            continue
        return
    raise _not_the_client("The assertion is not signed (ES256, PS256) by a key that this client registered.")


async def _the_assertion_is_for_us(asked: Asking) -> None:
    """Issuer and subject are the client; the audience is this eID, which FAPI lets be named by its issuer only."""
    client_id, said = asked.client.client_id, asked.assertion
    if said.get("iss") != client_id:
        raise _not_the_client("iss and sub must be the client's id.")
    audience: object = said.get("aud")
    named = cast("list[object]", audience) if isinstance(audience, list) else [audience]
    ours = [asked.issuer]
    if asked.client.profile != "fapi":
        ours += [f"{asked.issuer}/oauth2/token", asked.issuer + asked.call.path]
    if not named or any(one not in ours for one in named):
        raise _not_the_client("aud must be the issuer, and nobody else.")


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


async def _the_secret_is_its_own(asked: Asking) -> None:
    given = _basic(asked)[1] if asked.method == "client_secret_basic" else asked.parameters.get("client_secret")
    mark = asked.secret.mark("client secret", asked.client.client_id, given or "")
    if not hmac.compare_digest(mark, asked.client.client_secret_hash or ""):
        raise _not_the_client("This is not the client's secret.")


CLIENT: tuple[Check[Asking], ...] = (
    nothing_is_said_twice,
    _one_method_is_used,
    _the_client_is_known,
    _the_method_is_its_own,
    _the_proof_holds,
)
ASSERTION: tuple[Check[Asking], ...] = (
    _the_assertion_is_of_its_kind,
    _the_assertion_is_signed,
    _the_assertion_is_for_us,
    _the_assertion_is_fresh,
    _the_assertion_is_used_once,
)
PROOFS: Mapping[AuthMethod, tuple[Check[Asking], ...]] = {
    "private_key_jwt": ASSERTION,
    "client_secret_basic": (_the_secret_is_its_own,),
    "client_secret_post": (_the_secret_is_its_own,),
}


def _keys(asked: Asking, kid: str | None) -> list[ClientKey]:
    client = asked.client
    known = asked.remote_keys.known(client.jwks_uri, kid, asked.now) if client.jwks_uri else client.keys
    return [key for key in known if client.may_sign_with(key, kid)]


def _basic(asked: Asking) -> tuple[str | None, str | None]:
    """Return id and secret of an Authorization header, each of which was form-encoded (RFC 6749, section 2.3.1)."""
    kind, _space, encoded = (asked.call.authorization or "").partition(" ")
    try:
        name, colon, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:
        return None, None
    return (unquote_plus(name), unquote_plus(secret)) if kind.lower() == "basic" and colon else (None, None)


_NAMES: Mapping[AuthMethod, Callable[[Asking], object]] = {
    "private_key_jwt": lambda asked: peek(asked.parameters.get("client_assertion") or "")[1].get("sub"),
    "client_secret_basic": lambda asked: _basic(asked)[0],
    "client_secret_post": lambda asked: asked.parameters.get("client_id"),
}


def _is_plain(text: object) -> TypeGuard[str]:
    """Tell whether this is a short text that the database can hold: a JSON string may carry half a surrogate pair."""
    longest = 255
    return isinstance(text, str) and 0 < len(text) <= longest and text.isprintable()


def _not_the_client(description: str) -> Rejection:
    return Rejection("invalid_client", description, status=401)
