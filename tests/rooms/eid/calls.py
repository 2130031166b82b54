"""What clients ask of the eID once somebody has signed in."""

from __future__ import annotations

from typing import Any

import httpx

from .parties import ARTA, Browser, RelyingParty, Running, ask, assertion, redeem, token_form


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
