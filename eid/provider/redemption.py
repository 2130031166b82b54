"""What a client is given for what a person agreed to."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from litestar import Response

from eid.provider import store
from eid.provider.checks.code import Redeeming
from eid.provider.checks.refresh import next_refresh
from eid.provider.desk import Desk
from eid.provider.errors import Rejection
from eid.provider.issued import store as issued
from eid.provider.people import Enrolled
from eid.provider.request import Access
from eid.provider.secret import digest, new_token
from eid.provider.signing.details import must_be_granted
from eid.provider.signing.leave import activate
from eid.provider.signing.wish import CREDENTIAL
from eid.provider.tokens import ACCESS_TOKEN_LIVES, id_token_claims


async def redeem(desk: Desk, asked: Redeeming) -> Response[dict[str, Any]]:
    """Return an access token, an ID token, and a refresh token where the client may stay connected."""
    person = await store.find_person(asked.connection, asked.agreed.person_id)
    if person is None:
        raise Rejection("invalid_grant", "This person is no longer enrolled.")
    access_token, scope = new_token(), asked.narrowed or asked.agreed.scope
    lives, details = ACCESS_TOKEN_LIVES, None
    if scope == CREDENTIAL:
        leave = await activate(asked.connection, asked.agreed.family, digest(access_token), asked.now)
        lives, details = leave.expires_at - asked.now, leave.details
    must_be_granted(asked.parameters.get("authorization_details"), details)
    await _keep_access(asked, access_token, scope, lives)
    given = {
        "access_token": access_token,
        "token_type": "DPoP" if asked.jkt else "Bearer",
        "expires_in": int(lives.total_seconds()),
        "scope": scope,
        **({"authorization_details": json.loads(details)} if details else {}),
        **({"id_token": await _id_token(desk, asked, person, access_token)} if "openid" in scope.split() else {}),
        **await _to_stay_connected(asked),
    }
    return Response(given)


async def _keep_access(asked: Redeeming, access_token: str, scope: str, lives: timedelta) -> None:
    agreed = asked.agreed
    access = Access(agreed.client_id, agreed.person_id, scope, asked.now + lives, asked.jkt)
    await issued.save_access(asked.connection, digest(access_token), agreed.family, access)


async def _id_token(desk: Desk, asked: Redeeming, person: Enrolled, access_token: str) -> str:
    claims = id_token_claims(
        asked.agreed,
        person,
        asked.client,
        issuer=desk.issuer,
        access_token=access_token,
        secret=desk.secret,
        now=asked.now,
    )
    claims |= desk.representation.claim(person, asked.client.client_id, asked.agreed.scope, asked.now)
    keys = await desk.keys(asked.connection, asked.now, with_rsa=asked.client.takes_rsa)
    return keys.sign(claims, alg=asked.client.id_token_signed_response_alg)


async def _to_stay_connected(asked: Redeeming) -> dict[str, str]:
    """Return a refresh token, when the person agreed to one and the client can use it."""
    if not asked.agreed.is_lasting or "refresh_token" not in asked.client.grant_types:
        return {}
    refresh_token = new_token()
    await issued.save_refresh(asked.connection, digest(refresh_token), next_refresh(asked.agreed, asked))
    return {"refresh_token": refresh_token}
