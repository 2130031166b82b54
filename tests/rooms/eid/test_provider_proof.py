"""A token that is bound to a key is of use only to who holds the key (DPoP, RFC 9449)."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from .calls import KEY, hash_of, proof, signed_form
from .parties import ARTA, Asked, Browser, RelyingParty, Running, ask, now, redeem, token_form

OTHER = ECKey.generate_key("P-256")


async def code_for(eid: Running, party: RelyingParty, browser: Browser, **wish: str) -> tuple[str, Asked]:
    asked = ask(eid, party, **wish)
    return (await browser.sign_in(asked.url, ARTA))["code"], asked


async def bound(http: httpx.AsyncClient, eid: Running, party: RelyingParty, browser: Browser) -> dict[str, Any]:
    """Sign Arta in and return tokens bound to our key."""
    code, asked = await code_for(eid, party, browser)
    form = token_form(eid, party, code, asked.verifier)
    return (await redeem(http, eid, form, dpop=proof(eid, "POST", "/oauth2/token"))).json()


async def who(http: httpx.AsyncClient, eid: Running, token: str, **headers: str) -> httpx.Response:
    return await http.get(f"{eid.url}/userinfo", headers={"authorization": f"DPoP {token}", **headers})


async def test_a_bound_token_speaks_to_who_holds_its_key(
    eid: Running, portal: RelyingParty, browser: Browser, http: httpx.AsyncClient
) -> None:
    given = await bound(http, eid, portal, browser)
    token = given["access_token"]
    assert given["token_type"] == "DPoP"
    good = proof(eid, "GET", "/userinfo", ath=hash_of(token))
    assert (await who(http, eid, token, dpop=good)).json()["personal_number"] == ARTA
    again = await who(http, eid, token, dpop=good)
    assert again.status_code == 401, "a proof is good once"
    assert again.headers["www-authenticate"].startswith('DPoP error="invalid_dpop_proof"')
    told = (await http.post(f"{eid.url}/oauth2/introspect", data=signed_form(eid, portal, token=token))).json()
    assert (told["token_type"], told["cnf"]) == ("DPoP", {"jkt": KEY.thumbprint()})


async def test_a_stolen_token_is_of_no_use(
    eid: Running, portal: RelyingParty, browser: Browser, http: httpx.AsyncClient
) -> None:
    token = (await bound(http, eid, portal, browser))["access_token"]
    assert (await http.get(f"{eid.url}/userinfo", headers={"authorization": f"Bearer {token}"})).status_code == 401
    assert (await who(http, eid, token)).status_code == 401
    said = {"jti": "thief", "htm": "GET", "htu": f"{eid.url}/userinfo", "iat": int(now().timestamp())}
    header = {"alg": "ES256", "typ": "dpop+jwt", "jwk": OTHER.as_dict(private=False)}
    thiefs = jwt.encode(header, said | {"ath": hash_of(token)}, OTHER, ["ES256"])
    answer = await who(http, eid, token, dpop=thiefs)
    assert (answer.status_code, "invalid_token" in answer.headers["www-authenticate"]) == (401, True)
    assert (await who(http, eid, token, dpop=proof(eid, "GET", "/userinfo", ath=hash_of("other")))).status_code == 401
    assert (await who(http, eid, token, dpop=proof(eid, "GET", "/userinfo"))).status_code == 401


def in_seconds(seconds: int) -> int:
    return int((now() + timedelta(seconds=seconds)).timestamp())


WRONG: dict[str, Callable[[Running], str]] = {
    "another kind": lambda eid: proof(eid, "POST", "/oauth2/token", typ="JWT"),
    "another method": lambda eid: proof(eid, "GET", "/oauth2/token"),
    "another address": lambda eid: proof(eid, "POST", "/oauth2/par"),
    "another host": lambda eid: proof(eid, "POST", "/oauth2/token", htu="https://elsewhere.example/oauth2/token"),
    "another key": lambda eid: proof(eid, "POST", "/oauth2/token", key=OTHER),
    "no number": lambda eid: proof(eid, "POST", "/oauth2/token", jti=...),
    "no time": lambda eid: proof(eid, "POST", "/oauth2/token", iat=...),
    "an old one": lambda eid: proof(eid, "POST", "/oauth2/token", iat=in_seconds(-75)),
    "one of tomorrow": lambda eid: proof(eid, "POST", "/oauth2/token", iat=in_seconds(75)),
    "no token": lambda _eid: "a.b.c",
    "a shared secret": lambda _eid: (
        base64.urlsafe_b64encode(b'{"alg":"HS256","typ":"dpop+jwt","jwk":{"kty":"oct","k":"eA"}}').decode().rstrip("=")
        + ".e30.eA"
    ),
}


@pytest.mark.parametrize("name", WRONG)
async def test_a_wrong_proof_gives_nothing(
    name: str, eid: Running, portal: RelyingParty, http: httpx.AsyncClient
) -> None:
    form = token_form(eid, portal, "unknown", "x" * 43)
    answer = await redeem(http, eid, form, dpop=WRONG[name](eid))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_dpop_proof")
    right = token_form(eid, portal, "unknown", "x" * 43)
    answer = await redeem(http, eid, right, dpop=proof(eid, "POST", "/oauth2/token"))
    assert answer.json()["error"] == "invalid_grant", "the right one fails too"


async def test_a_code_may_be_bound_before_it_is_given(
    eid: Running, portal: RelyingParty, browser: Browser, http: httpx.AsyncClient
) -> None:
    code, asked = await code_for(eid, portal, browser, dpop_jkt=OTHER.thumbprint())
    form = token_form(eid, portal, code, asked.verifier)
    answer = await redeem(http, eid, form, dpop=proof(eid, "POST", "/oauth2/token"))
    assert answer.json()["error"] == "invalid_grant"
    assert (await redeem(http, eid, token_form(eid, portal, code, asked.verifier))).json()["error"] == "invalid_grant"


async def test_a_client_that_always_binds_cannot_forget_it_and_may_bind_when_it_pushes(
    eid: Running, browser: Browser, http: httpx.AsyncClient
) -> None:
    careful = RelyingParty("careful")
    careful.register(eid, profile="fapi", dpop_bound_access_tokens=True)
    asked = ask(eid, careful)
    sent = dict(httpx.URL(asked.url).params)
    answer = await http.post(
        f"{eid.url}/oauth2/par",
        data=signed_form(eid, careful, **sent),
        headers={"dpop": proof(eid, "POST", "/oauth2/par")},
    )
    query = httpx.QueryParams({"client_id": "careful", "request_uri": answer.json()["request_uri"]})
    code = (await browser.sign_in(f"{eid.url}/oauth2/auth?{query}", ARTA))["code"]
    without = await redeem(http, eid, token_form(eid, careful, code, asked.verifier))
    assert without.json()["error"] == "invalid_dpop_proof"
    form = token_form(eid, careful, code, asked.verifier)
    given = await redeem(http, eid, form, dpop=proof(eid, "POST", "/oauth2/token"))
    assert given.json()["token_type"] == "DPoP"


async def test_a_client_may_have_itself_asked_for_a_nonce(
    eid: Running, browser: Browser, http: httpx.AsyncClient
) -> None:
    wary = RelyingParty("wary")
    wary.register(eid, dpop_bound_access_tokens=True, dpop_nonce_required=True)
    code, asked = await code_for(eid, wary, browser)
    form = token_form(eid, wary, code, asked.verifier)
    asked_for = await redeem(http, eid, form, dpop=proof(eid, "POST", "/oauth2/token"))
    assert (asked_for.status_code, asked_for.json()["error"]) == (400, "use_dpop_nonce")
    nonce = asked_for.headers["dpop-nonce"]
    form = token_form(eid, wary, code, asked.verifier)
    given = await redeem(http, eid, form, dpop=proof(eid, "POST", "/oauth2/token", nonce=nonce))
    token = given.json()["access_token"]
    refused = await who(http, eid, token, dpop=proof(eid, "GET", "/userinfo", ath=hash_of(token)))
    assert "use_dpop_nonce" in refused.headers["www-authenticate"]
    nonce = refused.headers["dpop-nonce"]
    told = await who(http, eid, token, dpop=proof(eid, "GET", "/userinfo", ath=hash_of(token), nonce=nonce))
    assert told.json()["personal_number"] == ARTA
