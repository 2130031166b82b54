"""Where the eID says that it has ended a session, and so it ends here too."""

from __future__ import annotations

from typing import Any

import structlog
from litestar import MediaType, Response, post
from litestar.middleware import DefineMiddleware

from eid.claims import SKEW
from i18n.refusal import Refusal, Unreachable
from portal import store
from portal.limit import LimitMiddleware
from portal.registration import LOGOUT
from portal.session import now, party
from portal.visit import Visit

_MOST = 600  # a minute from one address: the eID may end many sessions at once
_log = structlog.get_logger("portal.eid_logout")


@post(
    LOGOUT,
    guards=[party],
    opt={"signed_by_party": True},
    middleware=[DefineMiddleware(LimitMiddleware, most=_MOST)],
    status_code=200,
)
async def eid_logout(request: Visit) -> Response[Any]:
    """End what the eID's signed message says has ended (OpenID Connect Back-Channel Logout 1.0)."""
    tokens = (await request.fields()).get("logout_token", [])
    try:
        logout = await request.parties.eid.ended(tokens[0] if len(tokens) == 1 else "", now())
    except Refusal as refusal:
        return _refused(request, refusal)
    async with request.database.transaction() as connection:
        ended = await store.end_sessions(connection, logout, SKEW)
    _log.info("eid_logout", ended=ended, is_repeated=ended is None)
    return Response(b"", media_type=MediaType.TEXT, headers={"Cache-Control": "no-store"})


def _refused(request: Visit, refusal: Refusal) -> Response[Any]:
    """Say no; when its keys could not be fetched the eID may try again."""
    request.because(refusal.code)
    is_later = isinstance(refusal, Unreachable)
    return Response(
        {"error": "temporarily_unavailable" if is_later else "invalid_request", "error_description": refusal.code},
        status_code=503 if is_later else 400,
        headers={"Cache-Control": "no-store"},
    )
