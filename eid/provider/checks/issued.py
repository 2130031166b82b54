"""POST /oauth2/revoke and /oauth2/introspect: whose token it is (RFC 7009, RFC 7662)."""

from __future__ import annotations

from dataclasses import dataclass, field

from eid.provider.checks import Check
from eid.provider.checks.client import CLIENT, Asking
from eid.provider.errors import Rejection
from eid.provider.issued import store as issued
from eid.provider.request import Access
from eid.provider.secret import digest


@dataclass(slots=True, kw_only=True)
class Presenting(Asking):
    """A client with a token that it has been given. `access` None when we do not know the token, or no more."""

    token_hash: bytes = field(init=False)
    access: Access | None = field(init=False)


async def _a_token_is_presented(asked: Presenting) -> None:
    token = asked.parameters.get("token")
    if token is None:
        raise Rejection("invalid_request", "token is missing.")
    asked.token_hash = digest(token)
    asked.access = await issued.find_access(asked.connection, asked.token_hash)


async def _the_token_is_the_clients(asked: Presenting) -> None:
    if asked.access and asked.access.client_id != asked.client.client_id:
        raise Rejection("invalid_grant", "This token was given to another client.")


INTROSPECTION: tuple[Check[Presenting], ...] = (*CLIENT, _a_token_is_presented)
REVOCATION: tuple[Check[Presenting], ...] = (*INTROSPECTION, _the_token_is_the_clients)
