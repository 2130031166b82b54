"""Who calls: a client that brings the token known of it, or one that it signed itself within the last minute."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

WE = "XK/GOV/registers"  # to whom such a token must be made
_TYPE = "service+jwt"
_LIVES, _SKEW = 60, 10  # seconds


def is_proven(authorization: str, client: str, known: str, now: datetime) -> bool:
    """Tell whether the header Authorization proves the client; `known` is its token, or its key as a JWK ("" neither).

    Such a token is ES256, of this client's making, for the registers, and lives a minute at most (RFC 7519).
    """
    scheme, _space, given = authorization.partition(" ")
    if not known or scheme.lower() != "bearer":
        return False
    if not known.startswith("{"):
        return hmac.compare_digest(given.encode(), known.encode())
    said = _signed(given, known)
    is_ours = (said.get("iss"), said.get("sub"), said.get("aud")) == (client, client, WE) and bool(said.get("jti"))
    return is_ours and _is_of_now(said.get("iat"), said.get("exp"), now.timestamp())


def has_signed(signature: str, text: bytes, known: str) -> bool:
    """Tell whether a detached JWS over a text is the client's (RFC 7515 appendix F, ES256).

    Of a client whose token alone is known nothing can be told: its signature is kept, and proves it later.
    """
    if not known.startswith("{"):
        return True
    try:
        jws.deserialize_compact(signature, ECKey.import_key(json.loads(known)), ["ES256"], payload=text)
    except (JoseError, ValueError):
        return False
    return True


def _is_of_now(made: object, until: object, now: float) -> bool:
    if not isinstance(made, int) or not isinstance(until, int):
        return False
    return made < until <= made + _LIVES and made <= now + _SKEW and now - _SKEW < until


@lru_cache(maxsize=64)
def _signed(token: str, jwk: str) -> Mapping[str, Any]:
    """Return what a token says that this key signed, else {}; a client brings the same one for half a minute."""
    try:
        opened = jwt.decode(token, ECKey.import_key(json.loads(jwk)), ["ES256"])
    except (JoseError, ValueError):
        return {}
    return opened.claims if opened.header.get("typ") == _TYPE else {}
