"""What a client is given for a code."""

from __future__ import annotations

from typing import Any

from litestar import Response

from eid.provider import store
from eid.provider.checks.token import Redeeming
from eid.provider.desk import Desk
from eid.provider.errors import Rejection
from eid.provider.issued import store as issued
from eid.provider.request import Access
from eid.provider.secret import digest, new_token
from eid.provider.tokens import ACCESS_TOKEN_LIVES, id_token_claims


async def redeem(desk: Desk, asked: Redeeming) -> Response[dict[str, Any]]:
    """Return an ID token and an access token for a code, which is used up by it."""
    person = await store.find_person(asked.connection, asked.grant.person_id)
    if person is None:
        raise Rejection("invalid_grant", "This person is no longer enrolled.")
    access_token, grant = new_token(), asked.grant
    access = Access(grant.client_id, grant.person_id, grant.scope, asked.now + ACCESS_TOKEN_LIVES, asked.jkt)
    await issued.use_grant(asked.connection, grant.code_hash, asked.now)
    await issued.save_access(asked.connection, digest(access_token), grant.code_hash, access)
    claims = id_token_claims(
        grant,
        person,
        asked.client,
        issuer=desk.issuer,
        access_token=access_token,
        secret=desk.secret,
        now=asked.now,
    )
    keys = await desk.keys(asked.connection, asked.now, with_rsa=asked.client.takes_rsa)
    given = {
        "access_token": access_token,
        "token_type": "DPoP" if asked.jkt else "Bearer",
        "expires_in": int(ACCESS_TOKEN_LIVES.total_seconds()),
        "scope": grant.scope,
        "id_token": keys.sign(claims, alg=asked.client.id_token_signed_response_alg),
    }
    return Response(given)
