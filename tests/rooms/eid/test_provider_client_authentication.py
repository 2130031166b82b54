"""Who may redeem a code: the client that signs for itself, freshly, to this eID, once."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from joserfc.jwk import ECKey

from .parties import RelyingParty, Running, assertion, now, redeem, token_form

Wrong = Callable[[Running, RelyingParty], dict[str, str | None]]


def in_five(minutes: int) -> int:
    return int((now() + timedelta(minutes=minutes)).timestamp())


def by_hand(header: dict[str, Any], claims: dict[str, Any], secret: bytes | None) -> str:
    """Make an assertion that no library would."""
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in (header, claims)]
    said = ".".join(parts)
    signature = hmac.digest(secret, said.encode(), "sha256") if secret else b""
    return f"{said}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def right(eid: Running, portal: RelyingParty) -> dict[str, Any]:
    return {"iss": "portal", "sub": "portal", "aud": eid.url, "exp": in_five(1), "jti": "by hand"}


def other_client(eid: Running, portal: RelyingParty) -> str:
    return assertion(eid, portal, iss="unknown", sub="unknown")


WRONG_CLIENTS: dict[str, Wrong] = {
    "nobody": lambda _eid, _portal: {"client_assertion": None},
    "somebody without a kind": lambda _eid, _portal: {"client_assertion_type": None},
    "an unknown client": lambda eid, portal: {"client_assertion": other_client(eid, portal)},
    "no token": lambda _eid, _portal: {"client_assertion": "a.b.c"},
    "half a character": lambda _eid, _portal: {"client_assertion": by_hand({"alg": "ES256"}, {"sub": "\ud800"}, None)},
    "a token with no signature": lambda eid, portal: {
        "client_assertion": by_hand({"alg": "none"}, right(eid, portal), None)
    },
    "a token signed with the public key": lambda eid, portal: {
        "client_assertion": by_hand(
            {"alg": "HS256"}, right(eid, portal), ECKey.import_key(portal.key).as_pem(private=False)
        )
    },
    "a token signed by another key": lambda eid, portal: {
        "client_assertion": assertion(eid, portal, signer=ECKey.generate_key("P-256"))
    },
    "one who speaks to another provider": lambda eid, portal: {
        "client_assertion": assertion(eid, portal, aud="https://elsewhere.example")
    },
    "one who speaks to others too": lambda eid, portal: {
        "client_assertion": assertion(eid, portal, aud=[eid.url, "https://elsewhere.example"])
    },
    "one who speaks to nobody": lambda eid, portal: {"client_assertion": assertion(eid, portal, aud=...)},
    "one whom another names": lambda eid, portal: {"client_assertion": assertion(eid, portal, iss="another")},
    "one who is late": lambda eid, portal: {"client_assertion": assertion(eid, portal, exp=in_five(-1))},
    "one who never expires": lambda eid, portal: {"client_assertion": assertion(eid, portal, exp=...)},
    "one who expires in ten minutes": lambda eid, portal: {"client_assertion": assertion(eid, portal, exp=in_five(10))},
    "one from the future": lambda eid, portal: {"client_assertion": assertion(eid, portal, iat=in_five(1))},
    "one without a number": lambda eid, portal: {"client_assertion": assertion(eid, portal, jti=...)},
    "one who calls itself otherwise": lambda _eid, _portal: {"client_id": "another"},
    "one with a password": lambda _eid, _portal: {"client_secret": "secret"},
}


@pytest.mark.parametrize("name", WRONG_CLIENTS)
async def test_a_code_is_not_given_to(name: str, eid: Running, portal: RelyingParty, http: httpx.AsyncClient) -> None:
    form = token_form(eid, portal, "a code", "a verifier", **WRONG_CLIENTS[name](eid, portal))
    answer = await redeem(http, eid, form)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("audience", ["{url}", "{url}/oauth2/token", ["{url}", "{url}/oauth2/token"]], ids=str)
async def test_a_client_may_speak_to_the_issuer_or_to_its_token_endpoint(
    audience: str | list[str], eid: Running, portal: RelyingParty, http: httpx.AsyncClient
) -> None:
    named = (
        [one.format(url=eid.url) for one in audience] if isinstance(audience, list) else audience.format(url=eid.url)
    )
    form = token_form(eid, portal, "unknown", "x" * 43, client_assertion=assertion(eid, portal, aud=named))
    assert (await redeem(http, eid, form)).json()["error"] == "invalid_grant"


async def test_an_assertion_is_good_once(eid: Running, portal: RelyingParty, http: httpx.AsyncClient) -> None:
    form = token_form(eid, portal, "unknown", "x" * 43)
    assert (await redeem(http, eid, form)).json()["error"] == "invalid_grant"
    assert (await redeem(http, eid, form)).json()["error"] == "invalid_client"


async def test_a_client_with_a_password_in_a_header_is_refused(
    eid: Running, portal: RelyingParty, http: httpx.AsyncClient
) -> None:
    answer = await redeem(http, eid, token_form(eid, portal, "a", "b"), authorization="Basic cG9ydGFsOng=")
    assert answer.json()["error"] == "invalid_client"
