"""POST /oauth2/token: who asks, and by what: a code, a refresh token, or a request on somebody's phone."""

from __future__ import annotations

from collections.abc import Mapping

from eid.provider.checks import Check, run
from eid.provider.checks.client import CLIENT
from eid.provider.checks.code import CODE, Redeeming
from eid.provider.checks.proof import proven_key
from eid.provider.checks.refresh import REFRESH
from eid.provider.checks.waiting import WAITING
from eid.provider.client import CIBA, GrantType
from eid.provider.errors import Rejection


async def _the_key_is_proven(asked: Redeeming) -> None:
    """Leave the key to which the client has its token bound: when it wishes, or has registered that it always does."""
    asked.jkt = await proven_key(asked, is_nonce_wanted=asked.client.dpop_nonce_required)
    if asked.jkt is None and asked.client.must_bind:
        raise Rejection("invalid_dpop_proof", "This client has its tokens bound: the header DPoP is missing.")


async def _the_grant_is_of_a_kind_that_it_may_bring(asked: Redeeming) -> None:
    kind = asked.sent("grant_type")
    if kind not in GRANTS:
        raise Rejection("unsupported_grant_type", f"grant_type must be one of {', '.join(GRANTS)}.")
    if kind not in asked.client.grant_types:
        raise Rejection("unauthorized_client", f"This client has not registered the grant type {kind}.")


async def _the_grant_is_good(asked: Redeeming) -> None:
    await run(GRANTS[asked.sent("grant_type")], asked)


TOKEN: tuple[Check[Redeeming], ...] = (
    *CLIENT,
    _the_key_is_proven,
    _the_grant_is_of_a_kind_that_it_may_bring,
    _the_grant_is_good,
)
_GRANTS: dict[GrantType, tuple[Check[Redeeming], ...]] = {
    "authorization_code": CODE,
    "refresh_token": REFRESH,
    CIBA: WAITING,
}
GRANTS: Mapping[str, tuple[Check[Redeeming], ...]] = {str(kind): checks for kind, checks in _GRANTS.items()}
