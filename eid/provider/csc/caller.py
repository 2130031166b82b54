"""Who calls the signing service: a client with an access token of the scope `service` or `credential`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

import structlog
from litestar import Response

from eid.provider.browser import AnyRequest
from eid.provider.call import read_call
from eid.provider.checks import run
from eid.provider.checks.userinfo import BROUGHT, Bringing
from eid.provider.csc.body import Body
from eid.provider.csc.telling import Version
from eid.provider.desk import Desk
from eid.provider.errors import Rejection
from eid.provider.issued import store as issued
from eid.provider.request import Access
from eid.provider.signing.activation import Activation
from eid.provider.signing.credential import Credential, find_credential
from eid.provider.signing.leave import leave_by
from eid.provider.signing.wish import CREDENTIAL, SERVICE
from eid.provider.store import Connection

_log = structlog.get_logger("eid.signing")
_NOT_THE_BEARER = {"invalid_token", "invalid_dpop_proof", "use_dpop_nonce"}


@dataclass(frozen=True, slots=True)
class Caller:
    """A call that brought a good token."""

    desk: Desk
    connection: Connection
    brought: Bringing
    body: Body
    version: Version
    now: datetime

    @property
    def client_id(self) -> str:
        """The client that calls."""
        return self.brought.client.client_id

    async def credential(self) -> Credential:
        """Return the key that is named; Rejection when it is not of the person for whom the token was given."""
        found = await find_credential(self.connection, self.body.text("credentialID"))
        if found is None or found.person_id != self.brought.person.id:
            raise Rejection("invalid_request", "Invalid parameter credentialID")
        return found

    async def usable_credential(self) -> Credential:
        """Return the key that is named when it may sign now; Rejection with the reason when it may not."""
        found = await self.credential()
        state = found.state(self.desk.pki, self.now)
        if state == "expired":
            raise Rejection("invalid_request", "Signing certificate is expired")
        if state != "valid":
            raise Rejection("invalid_request", f"The credential identified by credentialID is disabled ({state})")
        return found

    async def leave(self, credential: Credential) -> Activation:
        """Return leave to sign by the SAD that was sent, or by the token itself when its scope is `credential`."""
        sad = self.body.text_or_none("SAD")
        if sad is None and self.brought.access.scope != CREDENTIAL:
            raise Rejection("invalid_request", "Missing (or invalid type) string parameter SAD")
        sad = sad or self.brought.token
        activation = await leave_by(self.connection, sad, self.client_id, credential.id, self.now)
        if activation.token_hash:
            await self._still_stands(activation.token_hash)
        return activation

    async def _still_stands(self, token_hash: bytes) -> None:
        """Hold when the token by which leave was given was not revoked, and is bound to the key that was proven."""
        access = await issued.find_access(self.connection, token_hash)
        if access is None or access.jkt != self.brought.access.jkt:
            raise Rejection("invalid_request", "Invalid parameter SAD")


Act: TypeAlias = Callable[[Caller], Awaitable[Response[Any]]]


async def called(request: AnyRequest, desk: Desk, now: datetime, version: Version, act: Act) -> Response[Any]:
    """Return the answer to a call with a token."""
    call, sent = await read_call(request), await request.body()
    async with desk.transaction() as connection:
        brought = Bringing(call=call, connection=connection, secret=desk.secret, issuer=desk.issuer, now=now)
        try:
            await run(BROUGHT, brought)
            _for_us(brought.access)
            return await act(Caller(desk, connection, brought, Body.read(sent), version, now))
        except Rejection as rejection:
            # Answered, not raised: that a proof or a SAD was used must be kept.
            _log.info("call_rejected", path=call.path, error=rejection.error, why=rejection.description)
            return refused(rejection)


def _for_us(access: Access) -> None:
    if not {SERVICE, CREDENTIAL} & set(access.scope.split()):
        raise Rejection("unauthorized_client", "This token was not given for the signing service.", status=403)


def later(why: str) -> Rejection:
    """Return the answer while a service of ours does not do its work: nothing was signed, and no leave used up."""
    return Rejection("temporarily_unavailable", f"{why}: try again in a minute.", status=503)


def refused(rejection: Rejection) -> Response[Any]:
    """Return an error as the standard writes it; 401 when the token is to blame."""
    if rejection.error in _NOT_THE_BEARER:
        how = rejection.headers | {"WWW-Authenticate": f'Bearer error="{rejection.error}"'}
        return Response(rejection.as_json(), status_code=401, headers=how)
    return Response(rejection.as_json(), status_code=rejection.status, headers=rejection.headers)
