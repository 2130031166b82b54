"""POST /oauth2/token with a refresh token: good once, for its client and its key (RFC 6749, section 6; RFC 9700)."""

from __future__ import annotations

from dataclasses import replace

from eid.provider.checks import Check
from eid.provider.checks.code import Redeeming
from eid.provider.errors import Rejection
from eid.provider.issued import store as issued
from eid.provider.issued.agreed import Agreed, Refresh
from eid.provider.secret import digest


async def _the_token_is_good(asked: Redeeming) -> None:
    """Leave what was agreed. Whoever brings a used one may be a thief, or the first was: the family is taken back."""
    token_hash = digest(asked.sent("refresh_token"))
    kept = await issued.take_refresh(asked.connection, token_hash)
    if kept is None or kept.agreed.client_id != asked.client.client_id:
        raise Rejection("invalid_grant", "This refresh token is not known, or was not given to this client.")
    if kept.used_at is not None:
        await issued.revoke(asked.connection, kept.agreed.family)
        raise Rejection("invalid_grant", "This refresh token was used before; all that came of it is revoked.")
    if kept.expires_at <= asked.now:
        raise Rejection("invalid_grant", "This refresh token has expired.")
    _it_is_in_the_hands_to_which_it_was_given(asked, kept)
    asked.agreed = replace(kept.agreed, nonce=None)


def _it_is_in_the_hands_to_which_it_was_given(asked: Redeeming, kept: Refresh) -> None:
    if kept.jkt not in {None, asked.jkt}:
        raise Rejection("invalid_grant", "This refresh token is bound to another key.")


async def _no_more_is_asked_than_was_agreed(asked: Redeeming) -> None:
    """Leave the scope of the access token, which may be narrower; the next refresh token is as wide as the first."""
    wished = (asked.parameters.get("scope") or asked.agreed.scope).split()
    if "openid" not in wished or not set(wished) <= set(asked.agreed.scope.split()):
        raise Rejection("invalid_scope", "The scope must include openid, and nothing that was not agreed.")
    asked.narrowed = " ".join(dict.fromkeys(wished))


async def _it_is_used_up(asked: Redeeming) -> None:
    await issued.use_refresh(asked.connection, digest(asked.sent("refresh_token")), asked.now)


REFRESH: tuple[Check[Redeeming], ...] = (
    _the_token_is_good,
    _no_more_is_asked_than_was_agreed,
    _it_is_used_up,
)


def next_refresh(agreed: Agreed, asked: Redeeming) -> Refresh:
    """Return the refresh token that is given now: it ends when it lies unused, and with its family."""
    ends_at = min(asked.now + Refresh.IDLE, agreed.auth_time + Refresh.LONGEST)
    return Refresh(agreed, asked.jkt, ends_at)
