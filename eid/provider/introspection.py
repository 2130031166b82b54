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
    if asked.given_to != asked.client.client_id:
        return Response(_INACTIVE)
    person_id = asked.access.person_id if asked.access else asked.refresh.agreed.person_id if asked.refresh else None
    person = await store.find_person(asked.connection, person_id) if person_id else None
    told = _of_access(asked) if asked.access else _of_refresh(asked)
    if person is None or told is None:
        return Response(_INACTIVE)
    who = {"iss": desk.issuer, "client_id": asked.client.client_id, "sub": subject(desk.secret, asked.client, person)}
    return Response({"active": True} | who | told)


def _of_access(asked: Presenting) -> dict[str, Any] | None:
    access = asked.access
    if access is None or access.expires_at <= asked.now:
        return None
    return {
        "scope": access.scope,
        "token_type": "DPoP" if access.jkt else "Bearer",
        **({"cnf": {"jkt": access.jkt}} if access.jkt else {}),
        "iat": int((access.expires_at - ACCESS_TOKEN_LIVES).timestamp()),
        "exp": int(access.expires_at.timestamp()),
    }


def _of_refresh(asked: Presenting) -> dict[str, Any] | None:
    refresh = asked.refresh
    if refresh is None or refresh.used_at or refresh.expires_at <= asked.now:
        return None
    return {
        "scope": refresh.agreed.scope,
        **({"cnf": {"jkt": refresh.jkt}} if refresh.jkt else {}),
        "acr": refresh.agreed.acr,
        "auth_time": int(refresh.agreed.auth_time.timestamp()),
        "exp": int(refresh.expires_at.timestamp()),
    }


async def revoke(_desk: Desk, asked: Presenting) -> Response[None]:
    """Take a token back (RFC 7009), a refresh token with all that came of it; one unknown is as good as taken back."""
    await issued.revoke_access(asked.connection, asked.token_hash)
    if asked.refresh:
        await issued.revoke(asked.connection, asked.refresh.agreed.family)
    return Response(None)
