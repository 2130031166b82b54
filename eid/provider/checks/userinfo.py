"""GET and POST /userinfo: whether the access token is good, and in the hands to which it was given."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from eid.provider import store
from eid.provider.call import Call
from eid.provider.checks import Check
from eid.provider.checks.proof import proven_key
from eid.provider.client import Client
from eid.provider.dialect import is_at_home
from eid.provider.errors import Rejection
from eid.provider.issued import store as issued
from eid.provider.people import Enrolled
from eid.provider.request import Access
from eid.provider.secret import Secret, digest
from eid.provider.store import Connection


@dataclass(slots=True, kw_only=True)
class Bringing:
    """A token on its way through the checks. `scheme` is the one by which it was brought."""

    call: Call
    connection: Connection
    secret: Secret
    issuer: str
    now: datetime
    scheme: str = field(init=False)
    token: str = field(init=False)
    access: Access = field(init=False)
    client: Client = field(init=False)
    person: Enrolled = field(init=False)

    def __post_init__(self) -> None:
        scheme, _space, self.token = (self.call.authorization or "").partition(" ")
        self.scheme = scheme.lower()


async def _the_token_is_good(asked: Bringing) -> None:
    access = await issued.find_access(asked.connection, digest(asked.token)) if asked.token else None
    if access is None or access.expires_at <= asked.now:
        raise _invalid("This token is not known, or no more.")
    asked.access = access


async def _its_person_and_client_are_there(asked: Bringing) -> None:
    client = await store.find_client(asked.connection, asked.access.client_id)
    person = await store.find_person(asked.connection, asked.access.person_id)
    if client is None or person is None or not is_at_home(client, asked.call.path):
        raise _invalid("This token speaks of nobody.")
    asked.client, asked.person = client, person


async def _it_is_brought_as_it_was_given(asked: Bringing) -> None:
    if asked.scheme != ("dpop" if asked.access.jkt else "bearer"):
        raise _invalid("This token was given as another token_type.")


async def _its_key_is_proven(asked: Bringing) -> None:
    if asked.access.jkt is None:
        return
    wanted = asked.client.dpop_nonce_required
    jkt = await proven_key(asked, access_token=asked.token, is_nonce_wanted=wanted)
    if jkt is None:
        raise Rejection("invalid_dpop_proof", "The header DPoP is missing.")
    if jkt != asked.access.jkt:
        raise _invalid("This token is bound to another key.")


async def _it_speaks_of_whom(asked: Bringing) -> None:
    if "openid" not in asked.access.scope.split():
        raise Rejection("insufficient_scope", "This token was not given to learn who somebody is.", status=403)


BROUGHT: tuple[Check[Bringing], ...] = (  # a token at whatever endpoint takes one
    _the_token_is_good,
    _its_person_and_client_are_there,
    _it_is_brought_as_it_was_given,
    _its_key_is_proven,
)
USERINFO: tuple[Check[Bringing], ...] = (*BROUGHT, _it_speaks_of_whom)


def _invalid(description: str) -> Rejection:
    return Rejection("invalid_token", description)
