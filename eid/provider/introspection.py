"""What a client is told of a token that it has been given, and how it gives one back."""

from __future__ import annotations

from typing import Any

from litestar import Response

from eid.provider import store
from eid.provider.checks.issued import Presenting
from eid.provider.desk import Desk
from eid.provider.issued import store as issued
from eid.provider.tokens import ACCESS_TOKEN_LIVES, subject

_INACTIVE = {"active": False}


async def introspect(desk: Desk, asked: Presenting) -> Response[dict[str, Any]]:
    """Return what a token stands for (RFC 7662); of another client's token no more than of an unknown one."""
    access = asked.access
    if access is None or access.client_id != asked.client.client_id or access.expires_at <= asked.now:
        return Response(_INACTIVE)
    person = await store.find_person(asked.connection, access.person_id)
    if person is None:
        return Response(_INACTIVE)
    told = {
        "active": True,
        "iss": desk.issuer,
        "client_id": access.client_id,
        "sub": subject(desk.secret, asked.client, person),
        "scope": access.scope,
        "token_type": "DPoP" if access.jkt else "Bearer",
        **({"cnf": {"jkt": access.jkt}} if access.jkt else {}),
        "iat": int((access.expires_at - ACCESS_TOKEN_LIVES).timestamp()),
        "exp": int(access.expires_at.timestamp()),
    }
    return Response(told)


async def revoke(_desk: Desk, asked: Presenting) -> Response[None]:
    """Take a token back (RFC 7009); one that we do not know is as good as taken back."""
    await issued.revoke_access(asked.connection, asked.token_hash)
    return Response(None)
