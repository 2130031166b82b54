"""POST /oauth2/token with a code: whether it was given to the client that brings it (RFC 6749, RFC 7636)."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass, field

from eid.provider.checks import Check
from eid.provider.checks.client import Asking
from eid.provider.errors import Rejection
from eid.provider.issued import store as issued
from eid.provider.issued.agreed import Agreed, agreed_by_code
from eid.provider.request import Grant
from eid.provider.secret import b64, digest

_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")  # RFC 7636, section 4.1


@dataclass(slots=True, kw_only=True)
class Redeeming(Asking):
    """A token request on its way through the checks. `jkt`: the key that it proved to hold."""

    jkt: str | None = field(init=False)
    agreed: Agreed = field(init=False)
    grant: Grant = field(init=False)
    narrowed: str | None = None  # the scope of this access token, when less is asked for than was agreed

    def sent(self, name: str) -> str:
        """Return a parameter that must be there."""
        value = self.parameters.get(name)
        if value is None:
            raise Rejection("invalid_request", f"{name} is missing.")
        return value


async def _everything_is_sent(asked: Redeeming) -> None:
    for name in ("code", "redirect_uri", *(() if asked.client.speaks_ks else ("code_verifier",))):
        asked.sent(name)


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
    """Hold when the verifier is the one that was challenged: none, where VIDconnect's clients go without."""
    verifier = asked.parameters.get("code_verifier") or ""
    if not verifier and not asked.grant.code_challenge:
        return
    met = b64(hashlib.sha256(verifier.encode()).digest())
    if not _VERIFIER.fullmatch(verifier) or not hmac.compare_digest(met, asked.grant.code_challenge):
        raise Rejection("invalid_grant", "code_verifier does not fit the code_challenge.")


async def _it_is_used_up(asked: Redeeming) -> None:
    await issued.use_grant(asked.connection, asked.grant.code_hash, asked.now)
    asked.agreed = agreed_by_code(asked.grant)


CODE: tuple[Check[Redeeming], ...] = (
    _everything_is_sent,
    _the_code_is_the_clients,
    _the_code_is_unused,
    _the_code_is_fresh,
    _the_address_is_the_same,
    _the_key_is_the_one_that_was_named,
    _the_challenge_is_met,
    _it_is_used_up,
)
