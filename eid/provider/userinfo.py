"""Says who an access token speaks of."""

from __future__ import annotations

from typing import Any

from litestar import Response

from eid.provider.checks import run
from eid.provider.checks.userinfo import USERINFO, Bringing
from eid.provider.client_key import ALGORITHMS
from eid.provider.desk import Desk
from eid.provider.errors import Rejection
from eid.provider.tokens import userinfo_claims


async def tell(desk: Desk, asked: Bringing) -> Response[Any]:
    """Return who it is, or 401 with the way to ask (RFC 6750 and RFC 9449, section 7.1)."""
    try:
        await run(USERINFO, asked)
    except Rejection as rejection:
        # Answered, not raised: that the proof was used must be kept.
        how = rejection.headers | {"WWW-Authenticate": _how(asked, rejection)}
        return Response(None, status_code=403 if rejection.status == 403 else 401, headers=how)  # noqa: PLR2004 - Forbidden
    who, scope = asked.person, asked.access.scope
    claims = userinfo_claims(asked.client, who, scope, desk.secret)
    return Response({**claims, **desk.representation.claim(who, asked.client.client_id, scope, asked.now)})


def _how(asked: Bringing, rejection: Rejection) -> str:
    error = f'error="{rejection.error}"' if asked.token else ""
    if asked.scheme != "dpop":
        return f"Bearer {error}".strip()
    return f'DPoP {error}, algs="{" ".join(ALGORITHMS)}"' if error else f'DPoP algs="{" ".join(ALGORITHMS)}"'
