"""POST /oauth2/token: whether this code was given to the client that brings it."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass, field

from eid.provider.checks import Check
from eid.provider.checks.client import CLIENT, Asking
from eid.provider.checks.proof import proven_key
from eid.provider.errors import Rejection
from eid.provider.issued import store as issued
from eid.provider.request import Grant
from eid.provider.secret import b64, digest

_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")  # RFC 7636, section 4.1


@dataclass(slots=True, kw_only=True)
class Redeeming(Asking):
    """A token request on its way through the checks."""

    grant: Grant = field(init=False)
    jkt: str | None = field(init=False)


async def _the_key_is_proven(asked: Redeeming) -> None:
    """Leave the key to which the client has its token bound: when it wishes, or has registered that it always does."""
    asked.jkt = await proven_key(asked, is_nonce_wanted=asked.client.dpop_nonce_required)
    if asked.jkt is None and asked.client.must_bind:
        raise Rejection("invalid_dpop_proof", "This client has its tokens bound: the header DPoP is missing.")


async def _a_code_is_redeemed(asked: Redeeming) -> None:
    if asked.parameters.get("grant_type") is None:
        raise Rejection("invalid_request", "grant_type is missing.")
    if asked.parameters.get("grant_type") != "authorization_code":
        raise Rejection("unsupported_grant_type", "Only grant_type=authorization_code is supported.")
    for name in ("code", "redirect_uri", "code_verifier"):
        if asked.parameters.get(name) is None:
            raise Rejection("invalid_request", f"{name} is missing.")


async def _the_code_is_the_clients(asked: Redeeming) -> None:
    grant = await issued.take_grant(asked.connection, digest(asked.parameters.get("code") or ""))
    if grant is None or grant.client_id != asked.client.client_id:
        raise Rejection("invalid_grant", "This code is not known, or was not given to this client.")
    asked.grant = grant


async def _the_code_is_unused(asked: Redeeming) -> None:
    """Whoever comes second may be a thief, or the first was: what the code gave is taken back (RFC 6749, 4.1.2)."""
    if asked.grant.used_at is not None:
        await issued.revoke(asked.connection, asked.grant.code_hash)
        raise Rejection("invalid_grant", "This code was used before; the tokens that it gave are revoked.")


async def _the_code_is_fresh(asked: Redeeming) -> None:
    if asked.grant.expires_at <= asked.now:
        raise Rejection("invalid_grant", "This code has expired.")


async def _the_address_is_the_same(asked: Redeeming) -> None:
    if asked.parameters.get("redirect_uri") != asked.grant.redirect_uri:
        raise Rejection("invalid_grant", "redirect_uri is not the one that the code was asked with.")


async def _the_key_is_the_one_that_was_named(asked: Redeeming) -> None:
    if asked.grant.dpop_jkt not in {None, asked.jkt}:
        raise Rejection("invalid_grant", "The code was asked for with another key (dpop_jkt).")


async def _the_challenge_is_met(asked: Redeeming) -> None:
    verifier = asked.parameters.get("code_verifier") or ""
    met = b64(hashlib.sha256(verifier.encode()).digest())
    if not _VERIFIER.fullmatch(verifier) or not hmac.compare_digest(met, asked.grant.code_challenge):
        raise Rejection("invalid_grant", "code_verifier does not fit the code_challenge.")


TOKEN: tuple[Check[Redeeming], ...] = (
    *CLIENT,
    _the_key_is_proven,
    _a_code_is_redeemed,
    _the_code_is_the_clients,
    _the_code_is_unused,
    _the_code_is_fresh,
    _the_address_is_the_same,
    _the_key_is_the_one_that_was_named,
    _the_challenge_is_met,
)
