"""Opens a token that the provider signed: with the algorithm that we name and the keys that it publishes, or not."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, TypeAlias, cast

from joserfc import jws, jwt
from joserfc.errors import JoseError

from eid.errors import SignInFailed
from eid.issuer import Issuer
from eid.preset import Algorithm

Kind: TypeAlias = Literal["id_token", "userinfo", "logout_token"]
# What a token says of its own kind (`typ`, without `application/`); None where it may say nothing.
_TYPES: Mapping[Kind, frozenset[str | None]] = {
    "id_token": frozenset({None, "jwt"}),
    "userinfo": frozenset({None, "jwt"}),
    "logout_token": frozenset({"logout+jwt"}),
}
_LONGEST = 64 * 1024  # letters


async def opened(
    issuer: Issuer, token: str, kind: Kind, algorithm: Algorithm, now: datetime, *, untyped: bool = False
) -> dict[str, Any]:
    """Return the claims of a token of this kind, signed by this provider; SignInFailed when it is none.

    What the claims say is not judged here. `untyped`: the provider is known not to say what kind its tokens are of.
    """
    header = _header(token, kind)
    if header.get("alg") != algorithm:
        raise SignInFailed(f"{kind}_algorithm")
    named = str(header["typ"]).lower().removeprefix("application/") if "typ" in header else None
    if named not in _TYPES[kind] and not (untyped and named in {None, "jwt"}):
        raise SignInFailed(f"{kind}_kind")
    kid: object = header.get("kid")
    key = await issuer.key(kid, now) if kid is None or isinstance(kid, str) else None
    if key is None:
        raise SignInFailed(f"{kind}_key")
    try:
        return jwt.decode(token, key, [algorithm]).claims
    except (JoseError, ValueError, RecursionError) as wrong:
        raise SignInFailed(f"{kind}_signature") from wrong


def peek(token: str) -> dict[str, Any]:
    """Return the claims of a token that was opened when it came; {} for something else."""
    try:
        claims = json.loads(jws.extract_compact(token.encode()).payload)
    except (JoseError, ValueError, RecursionError):
        return {}
    return cast("dict[str, Any]", claims) if isinstance(claims, dict) else {}


def _header(token: str, kind: Kind) -> dict[str, Any]:
    if len(token) > _LONGEST:
        raise SignInFailed(f"{kind}_malformed")
    try:
        return dict(jws.extract_compact(token.encode()).headers())
    except (JoseError, ValueError, RecursionError) as wrong:
        raise SignInFailed(f"{kind}_malformed") from wrong
