"""What clients ask of the eID once somebody has signed in."""

from __future__ import annotations

import base64
import hashlib
import secrets
from typing import Any

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey

from .parties import ARTA, Browser, RelyingParty, Running, ask, assertion, now, redeem, token_form

KEY = ECKey.generate_key("P-256")  # to which clients have tokens bound


def signed_form(eid: Running, party: RelyingParty, /, **sent: str) -> dict[str, str]:
    """Make the form of a client that signs for itself, for an endpoint other than the token's."""
    return {
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": assertion(eid, party),
        **sent,
    }


async def tokens(http: httpx.AsyncClient, eid: Running, party: RelyingParty, browser: Browser) -> dict[str, Any]:
    """Sign Arta in and return what the client is given for it."""
    asked = ask(eid, party)
    code = (await browser.sign_in(asked.url, ARTA))["code"]
    return (await redeem(http, eid, token_form(eid, party, code, asked.verifier))).json()


def proof(
    eid: Running,
    method: str,
    path: str,
    /,
    *,
    key: ECKey = KEY,
    typ: str = "dpop+jwt",
    jwk: ECKey = KEY,
    **claims: object,
) -> str:
    """Prove to hold a key; `claims` stand in place of the right ones, `...` takes one out."""
    right = {"jti": secrets.token_urlsafe(16), "htm": method, "htu": eid.url + path, "iat": int(now().timestamp())}
    said = {name: value for name, value in (right | claims).items() if value is not ...}
    return jwt.encode({"alg": "ES256", "typ": typ, "jwk": jwk.as_dict(private=False)}, said, key, ["ES256"])


def hash_of(token: str) -> str:
    """Return `ath`."""
    return base64.urlsafe_b64encode(hashlib.sha256(token.encode()).digest()).rstrip(b"=").decode()
