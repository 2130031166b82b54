"""What the eID says of itself: everything that is supported, and nothing else."""

from __future__ import annotations

from typing import Any, get_args

from eid.provider.checks.authorization import OFFERED, PROMPTS
from eid.provider.client import SCOPES, AuthMethod, GrantType, SigningAlg
from eid.provider.client_key import ALGORITHMS
from eid.provider.request import LEVELS
from eid.provider.signing.details import TYPE as DETAILS
from i18n.text import LANGUAGES

_CLAIMS = (
    *("sub", "given_name", "family_name", "birthdate", "personal_number", "email", "locale"),
    *("acr", "amr", "auth_time", "sid", "nonce", "at_hash", "representee_list"),
)


def metadata(issuer: str) -> dict[str, Any]:
    """Return what discovery says: everything that is supported, and nothing else."""
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/oauth2/auth",
        "pushed_authorization_request_endpoint": f"{issuer}/oauth2/par",
        "require_pushed_authorization_requests": False,
        "token_endpoint": f"{issuer}/oauth2/token",
        "revocation_endpoint": f"{issuer}/oauth2/revoke",
        "introspection_endpoint": f"{issuer}/oauth2/introspect",
        "userinfo_endpoint": f"{issuer}/userinfo",
        "jwks_uri": f"{issuer}/jwks.json",
        "end_session_endpoint": f"{issuer}/oauth2/sessions/logout",
        "backchannel_authentication_endpoint": f"{issuer}/oauth2/ciba",
        "backchannel_token_delivery_modes_supported": ["poll"],
        "backchannel_user_code_parameter_supported": False,
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
        "scopes_supported": list(SCOPES),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "authorization_details_types_supported": [DETAILS],
        "grant_types_supported": list(get_args(GrantType)),
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": list(get_args(SigningAlg)),
        **_client_authentication(),
        "dpop_signing_alg_values_supported": list(ALGORITHMS),
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
        "acr_values_supported": list(LEVELS[: LEVELS.index(OFFERED) + 1]),
        "prompt_values_supported": sorted(PROMPTS),
        "ui_locales_supported": list(LANGUAGES),
        "claims_supported": list(_CLAIMS),
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
    }


def _client_authentication() -> dict[str, list[str]]:
    """Return how a client proves who it is, which is the same at every endpoint where it must."""
    methods, algorithms = list(get_args(AuthMethod)), list[str](ALGORITHMS)
    said = {"auth_methods_supported": methods, "auth_signing_alg_values_supported": algorithms}
    endpoints = ("token_endpoint", "revocation_endpoint", "introspection_endpoint")
    return {f"{endpoint}_{name}": values for endpoint in endpoints for name, values in said.items()}
