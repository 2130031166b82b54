"""The header `DPoP`: whether the caller holds the key to which a token is, or will be, bound (RFC 9449)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol, cast
from urllib.parse import urlsplit

from joserfc import jwt
from joserfc.errors import JoseError

from eid.provider.call import Call
from eid.provider.checks import Check, run
from eid.provider.client_key import algorithm_of, usable_key
from eid.provider.errors import Rejection
from eid.provider.issued import store as issued
from eid.provider.secret import Secret, b64
from eid.provider.store import Connection
from eid.provider.tokens import moment, peek

_SKEW = timedelta(seconds=60)
_NONCE_SECONDS = 300  # a nonce is good for this long at least, and for twice as long at most
_LONGEST = 255


class Proving(Protocol):
    """A context in which a key is proven."""

    call: Call
    connection: Connection
    secret: Secret
    issuer: str
    now: datetime


@dataclass(slots=True)
class Proof:
    """A proof on its way through the checks; `jkt` names its key (RFC 7638)."""

    within: Proving
    access_token: str | None
    is_nonce_wanted: bool
    claims: dict[str, Any] = field(init=False)
    jkt: str = field(init=False)


async def proven_key(within: Proving, *, access_token: str | None = None, is_nonce_wanted: bool = False) -> str | None:
    """Return the thumbprint of the key that the caller proves to hold, None when it proves none."""
    if not within.call.proofs:
        return None
    proof = Proof(within, access_token, is_nonce_wanted)
    await run(PROOF, proof)
    return proof.jkt


async def _there_is_one(proof: Proof) -> None:
    if len(proof.within.call.proofs) != 1:
        raise _unproven("Send one DPoP header.")


async def _it_is_signed_by_the_key_that_it_shows(proof: Proof) -> None:
    token = proof.within.call.proofs[0]
    header, _claims = peek(token) if token.isascii() else ({}, {})
    shown: object = header.get("jwk")
    key = usable_key(cast("dict[str, Any]", shown)) if isinstance(shown, dict) else None
    if header.get("typ") != "dpop+jwt" or key is None:
        raise _unproven("typ must be dpop+jwt, and jwk a public key, P-256 or RSA of 2048 bits.")
    try:
        proof.claims = jwt.decode(token, key, [algorithm_of(key)]).claims
    except (JoseError, ValueError, RecursionError) as wrong:
        raise _unproven("The proof is not signed (ES256, PS256) by the key that it shows.") from wrong
    proof.jkt = key.thumbprint()


async def _it_is_for_this_call(proof: Proof) -> None:
    call, said = proof.within.call, proof.claims
    if said.get("htm") != call.method or _without_query(said.get("htu")) != proof.within.issuer + call.path:
        raise _unproven("htm and htu must be the method and the address of this call.")


async def _it_is_fresh(proof: Proof) -> None:
    issued_at, now = moment(proof.claims.get("iat")), proof.within.now
    if issued_at is None or not now - _SKEW <= issued_at <= now + _SKEW:
        raise _unproven("iat must be the time of this call, to a minute.")


async def _it_is_for_this_token(proof: Proof) -> None:
    if proof.access_token is not None:
        wanted = b64(hashlib.sha256(proof.access_token.encode()).digest())
        if proof.claims.get("ath") != wanted:
            raise _unproven("ath must be the hash of the access token.")


async def _it_carries_our_nonce(proof: Proof) -> None:
    """Hold when the proof cannot have been made long ago for today; only clients that are registered so are asked."""
    current, last = _nonces(proof.within)
    if proof.is_nonce_wanted and proof.claims.get("nonce") not in (current, last):
        raise Rejection("use_dpop_nonce", "Use the nonce of this answer.", headers={"DPoP-Nonce": current})


async def _it_is_used_once(proof: Proof) -> None:
    jti: object = proof.claims.get("jti")
    if not isinstance(jti, str) or not 0 < len(jti) <= _LONGEST or not jti.isprintable():
        raise _unproven("jti is missing.")
    if not await issued.spend_proof(proof.within.connection, proof.jkt, jti, proof.within.now + 3 * _SKEW):
        raise _unproven("This proof was used before.")


PROOF: tuple[Check[Proof], ...] = (
    _there_is_one,
    _it_is_signed_by_the_key_that_it_shows,
    _it_is_for_this_call,
    _it_is_fresh,
    _it_is_for_this_token,
    _it_carries_our_nonce,
    _it_is_used_once,
)


def _nonces(within: Proving) -> tuple[str, str]:
    window = int(within.now.timestamp()) // _NONCE_SECONDS
    return within.secret.mark("DPoP nonce", str(window)), within.secret.mark("DPoP nonce", str(window - 1))


def _without_query(address: object) -> str | None:
    """Return an address as it is compared (RFC 9449, section 4.3): no query, no fragment, host in lower case."""
    try:
        parts = urlsplit(address) if isinstance(address, str) else None
    except ValueError:
        return None
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path}" if parts else None


def _unproven(description: str) -> Rejection:
    return Rejection("invalid_dpop_proof", description)
