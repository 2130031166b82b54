"""POST /oauth2/revoke and /oauth2/introspect: whose token it is (RFC 7009, RFC 7662)."""

from __future__ import annotations

from dataclasses import dataclass, field

from eid.provider.checks import Check
from eid.provider.checks.client import CLIENT, Asking
from eid.provider.errors import Rejection
from eid.provider.issued import store as issued
from eid.provider.issued.agreed import Refresh
from eid.provider.request import Access
from eid.provider.secret import digest


@dataclass(slots=True, kw_only=True)
class Presenting(Asking):
    """A client with a token that it has been given: an access token, a refresh token, or one that we do not know."""

    token_hash: bytes = field(init=False)
    access: Access | None = field(init=False)
    refresh: Refresh | None = field(init=False)

    @property
    def given_to(self) -> str | None:
        """The client that it was given to."""
        return self.access.client_id if self.access else self.refresh.agreed.client_id if self.refresh else None


async def _a_token_is_presented(asked: Presenting) -> None:
    token = asked.parameters.get("token")
    if token is None:
        raise Rejection("invalid_request", "token is missing.")
    asked.token_hash = digest(token)
    asked.access = await issued.find_access(asked.connection, asked.token_hash)
    asked.refresh = await issued.take_refresh(asked.connection, asked.token_hash)


async def _the_token_is_the_clients(asked: Presenting) -> None:
    if asked.given_to not in {None, asked.client.client_id}:
        raise Rejection("invalid_grant", "This token was given to another client.")


INTROSPECTION: tuple[Check[Presenting], ...] = (*CLIENT, _a_token_is_presented)
REVOCATION: tuple[Check[Presenting], ...] = (*INTROSPECTION, _the_token_is_the_clients)
