"""What the eID says of itself where it speaks as VIDconnect: everything that is supported there, and nothing else."""

from __future__ import annotations

from typing import Any

from litestar import Response, get

from eid.provider.desk import AtDesk, Now
from eid.provider.dialect import KS
from eid.provider.protocol import PUBLIC

_CLAIMS = ("sub", "aud", "iss", "iat", "exp", "auth_time", "nonce", "at_hash", "sid", "vp")


@get(f"{KS}/.well-known/openid-configuration")
async def discovery(desk: AtDesk) -> Response[dict[str, Any]]:
    """Say where everything is (OpenID Connect Discovery 1.0)."""
    return Response(metadata(desk.issuer + KS), headers=PUBLIC)


@get(f"{KS}/.well-known/jwks.json")
async def keys(desk: AtDesk, now: Now) -> Response[dict[str, Any]]:
    """Publish the RSA keys: nothing else signs here."""
    async with desk.transaction() as connection:
        published = (await desk.keys(connection, now, with_rsa=True)).published
    return Response({"keys": [key for key in published if key["kty"] == "RSA"]}, headers=PUBLIC)


HANDLERS = (discovery, keys)


def metadata(base: str) -> dict[str, Any]:
    """Return the metadata of the issuer at `base`, whose name ends in a slash as Ory Hydra has it."""
    return {
        "issuer": f"{base}/",
        "authorization_endpoint": f"{base}/oauth2/auth",
        "token_endpoint": f"{base}/oauth2/token",
        "userinfo_endpoint": f"{base}/userinfo",
        "jwks_uri": f"{base}/.well-known/jwks.json",
        "end_session_endpoint": f"{base}/oauth2/sessions/logout",
        "scopes_supported": ["openid", "VerifiableCredential"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_post"],
        "code_challenge_methods_supported": ["S256"],
        "claims_supported": list(_CLAIMS),
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
    }
