"""A provider that answers as Estonia's TARA and GovSSO are documented to: e-gov.github.io/TARA-Doku and /GOVSSO."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from typing import Any

from joserfc import jwt
from joserfc.jwk import RSAKey

from .hostile import ACCESS_TOKEN, Claims, Hostile, as_json
from .parties import now

SECRET = "what the operator gave the portal"


@cache
def _key() -> RSAKey:
    return RSAKey.generate_key(2048, auto_kid=True)


def signed(claims: Claims, **header: object) -> str:
    """Sign by RS256, as both do."""
    return jwt.encode({"alg": "RS256", "kid": _key().kid, **header}, claims, _key(), ["RS256"])


def as_tara(provider: Hostile, number: str = "EE1176042318") -> Hostile:
    """Let a provider speak as TARA: everything stands in the ID token, and its discovery in a folder."""

    def said(right: Claims) -> Claims:
        half = hashlib.sha256(ACCESS_TOKEN.encode()).digest()[:16]
        return {
            **{name: right[name] for name in ("iss", "aud", "exp", "iat", "nonce")},
            "jti": "0c597356-3771-4315-a129-c7bc1f02a1b2",
            "nbf": right["iat"] - 300,
            "sub": number,
            "profile_attributes": {"date_of_birth": "1990-05-01", "family_name": "Krasniqi", "given_name": "Arta"},
            "amr": ["mID"],
            "state": "the state",
            "acr": "high",
            "at_hash": base64.b64encode(half).decode(),  # padded, as the documentation shows it
        }

    _sign_as_it_does(provider)
    provider.claims = said
    provider.instead["/oidc/.well-known/openid-configuration"] = lambda: as_json(_metadata(provider, provider.url))
    provider.instead["/.well-known/openid-configuration"] = lambda: as_json({}, 404)
    return provider


def as_govsso(provider: Hostile, number: str = "EE1176042318") -> Hostile:
    """Let a provider speak as GovSSO: its issuer ends in a slash, a session has a name, and refresh tokens keep it."""
    signed_in: Claims = {}

    def said(right: Claims) -> Claims:
        if right["nonce"] or not signed_in:  # renewed later, the sign-in stays the one that it was
            signed_in["auth_time"] = right["auth_time"]
        return {
            **{name: right[name] for name in ("exp", "iat", "at_hash")},
            **signed_in,
            **({"nonce": right["nonce"]} if right["nonce"] else {}),
            "jti": "663a35d8-92ec-4a8d-95e7-fc6ca90ebda2",
            "iss": f"{provider.url}/",
            "aud": ["portal"],
            "sub": number,
            "birthdate": "1990-05-01",
            "given_name": "Arta",
            "family_name": "Krasniqi",
            "amr": ["mID"],
            "acr": "high",
            "sid": "f5ab396c-1490-4042-b073-ae8e003c7258",
        }

    _sign_as_it_does(provider)
    provider.claims = said
    provider.metadata = lambda _right: _metadata(provider, f"{provider.url}/")
    provider.token = lambda right: right | {"token_type": "bearer", "expires_in": 1, "refresh_token": "first"}
    return provider


def logout_token(provider: Hostile, **changed: object) -> str:
    """Say that a session has ended, as GovSSO does: of no type, without an end."""
    at = int(now().timestamp())
    said: dict[str, Any] = {"aud": ["portal"], "iat": at, "iss": f"{provider.url}/", "jti": "c0cfc91a"}
    event: Claims = {"http://schemas.openid.net/event/backchannel-logout": {}}
    return signed(said | {"events": event, "sid": "f5ab396c-1490-4042-b073-ae8e003c7258"} | changed, typ="JWT")


def _sign_as_it_does(provider: Hostile) -> None:
    provider.sign = lambda _it, claims: signed(claims)
    provider.instead["/jwks.json"] = lambda: as_json({"keys": [_key().as_dict(private=False)]})


def _metadata(provider: Hostile, issuer: str) -> Claims:
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{provider.url}/auth",
        "token_endpoint": f"{provider.url}/token",
        "jwks_uri": f"{provider.url}/jwks.json",
        "userinfo_endpoint": f"{provider.url}/profile",
        "end_session_endpoint": f"{provider.url}/logout",
    }
