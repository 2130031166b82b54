"""What the portal tells the eID about itself, once, to become its client."""

from __future__ import annotations

from typing import Any

from eid.client import public_keys
from i18n.text import LANGUAGES

LOGOUT = "/webhooks/eid-logout"


def registration(url: str, client_id: str, client_key: str) -> dict[str, Any]:
    """Return the portal's metadata as OpenID Connect Dynamic Client Registration 1.0 writes it; no secret is in it."""
    return {
        "client_id": client_id,
        "client_name": "Citizen portal (DEMO)",
        "client_name#sq": "Portali i qytetarit (DEMO)",
        "client_name#sr": "Portal za građane (DEMO)",
        "client_uri": url,
        "redirect_uris": [
            f"{url}/{language}/{page}/return" for page in ("sign-in", "signature") for language in LANGUAGES
        ],
        "post_logout_redirect_uris": [f"{url}/{language}/signed-out" for language in LANGUAGES],
        "grant_types": ["authorization_code"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "private_key_jwt",
        "token_endpoint_auth_signing_alg": "ES256",
        "id_token_signed_response_alg": "ES256",
        "subject_type": "pairwise",
        "profile": "fapi",
        "scope": "openid profile email service credential representation",
        "require_pushed_authorization_requests": True,
        "dpop_bound_access_tokens": True,
        "backchannel_logout_uri": url + LOGOUT,
        "backchannel_logout_session_required": True,
        "jwks": public_keys(client_key),
    }


def signbox_registration(url: str, client_id: str, secret: str) -> dict[str, Any]:
    """Return what the eID's stand-in is told of the account that pays for SignBox; its secret is in it."""
    return {
        "client_id": client_id,
        "client_name": "Citizen portal (DEMO)",
        "client_name#sq": "Portali i qytetarit (DEMO)",
        "client_name#sr": "Portal za građane (DEMO)",
        "client_uri": url,
        "redirect_uris": [f"{url}/sq/signature/return"],
        "token_endpoint_auth_method": "client_secret_post",
        "client_secret": secret,
        "profile": "compat",
        "scope": "credential",
    }
