"""The ways in which an answer can be wrong, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from i18n.text import Text, _

Endpoint = Literal["discovery", "jwks", "par", "authorize", "token", "userinfo"]
ENDPOINTS: tuple[Endpoint, ...] = get_args(Endpoint)
MOST_TIMES = 100

_TOKEN: tuple[Endpoint, ...] = ("token",)
_EVERYWHERE: tuple[Endpoint, ...] = ("token", *(endpoint for endpoint in ENDPOINTS if endpoint != "token"))


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to be wrong. `at`: the endpoints that can be so, the first when none is named."""

    name: str
    says: Text
    at: tuple[Endpoint, ...] = _TOKEN


OUTAGES = (
    Kind("hang", _("It does not answer for a minute"), _EVERYWHERE),
    Kind("status_500", _("It answers with status 500"), _EVERYWHERE),
    Kind("html", _("It answers 200 with an HTML page"), _EVERYWHERE),
)
REDIRECTIONS = (
    Kind("wrong_iss_parameter", _("The parameter iss on the way back names another issuer"), ("authorize",)),
    Kind("missing_iss_parameter", _("The parameter iss on the way back is missing"), ("authorize",)),
    Kind("wrong_state", _("The parameter state on the way back is another one"), ("authorize",)),
)
ID_TOKENS = (
    Kind("wrong_iss", _("The ID token names another issuer")),
    Kind("wrong_aud", _("The ID token is for another client")),
    Kind("wrong_nonce", _("The ID token carries another nonce")),
    Kind("wrong_at_hash", _("The ID token belongs to another access token (at_hash)")),
    Kind("missing_acr", _("The ID token does not say the level (acr)")),
    Kind("low_acr", _("The ID token says the lowest level (acr)")),
    Kind("expired", _("The ID token expired an hour ago")),
    Kind("clock_ahead", _("The eID's clock is six minutes ahead")),
    Kind("wrong_signature", _("The ID token's signature does not hold")),
    Kind("alg_none", _("The ID token is not signed (alg none)")),
    Kind("alg_hs256", _("The ID token is signed with the public key as a secret (HS256)")),
    Kind("unknown_kid", _("The ID token is signed with a key that is published nowhere")),
    Kind("key_rotated", _("The ID token is signed with a new key, published from now on")),
    Kind("missing_id_token", _("There is no ID token")),
    Kind("another_person", _("The ID token and userinfo speak of another person")),
)
USERINFO = (Kind("wrong_sub", _("Userinfo speaks of another subject"), ("userinfo",)),)

KINDS: dict[str, Kind] = {kind.name: kind for kind in (*OUTAGES, *REDIRECTIONS, *ID_TOKENS, *USERINFO)}
