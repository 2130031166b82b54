"""A client may, and one held to FAPI must, bring its request before the browser does (RFC 9126)."""

from __future__ import annotations

from datetime import timedelta

import asyncpg
import httpx
import pytest

from .calls import proof, signed_form
from .parties import ARTA, BESNIK, Asked, Browser, RelyingParty, Running, ask, redeem, token_form


async def pushed(
    http: httpx.AsyncClient, eid: Running, party: RelyingParty, asked: Asked, **changed: str
) -> httpx.Response:
    """Push what the browser would have brought."""
    sent = dict(httpx.URL(asked.url).params) | changed
    sent.pop("client_id")
    return await http.post(f"{eid.url}/oauth2/par", data=signed_form(eid, party, **sent))


def link(eid: Running, party: RelyingParty, request_uri: str, **beside: str) -> str:
    """Return the link with which the browser brings a pushed request."""
    query = httpx.QueryParams({"client_id": party.client_id, "request_uri": request_uri, **beside})
    return f"{eid.url}/oauth2/auth?{query}"


@pytest.fixture(scope="module")
def strict(eid: Running) -> RelyingParty:
    """Give a client that is held to FAPI."""
    party = RelyingParty("pushing")
    party.register(eid, profile="fapi")
    return party


async def test_a_pushed_request_signs_her_in_and_only_its_name_is_in_the_address(
    eid: Running, strict: RelyingParty, browser: Browser, http: httpx.AsyncClient
) -> None:
    asked = ask(eid, strict)
    answer = await pushed(http, eid, strict, asked)
    assert (answer.status_code, answer.json()["expires_in"]) == (201, 60)
    assert answer.headers["cache-control"] == "no-store"
    name = answer.json()["request_uri"]
    assert name.startswith("urn:ietf:params:oauth:request_uri:")
    # What stands beside the name counts for nothing.
    told = await browser.sign_in(link(eid, strict, name, redirect_uri="https://evil.example/", state="x"), ARTA)
    assert told["state"] == asked.state
    form = token_form(eid, strict, told["code"], asked.verifier)
    given = await redeem(http, eid, form, dpop=proof(eid, "POST", "/oauth2/token"))
    assert given.json()["token_type"] == "DPoP"


async def test_a_name_is_good_once_for_its_client_and_for_a_minute(
    eid: Running, portal: RelyingParty, strict: RelyingParty, browser: Browser, http: httpx.AsyncClient
) -> None:
    name = (await pushed(http, eid, strict, ask(eid, strict))).json()["request_uri"]
    await browser.go(link(eid, portal, name))
    assert browser.page.status_code == 400, "another client's"
    await browser.go(link(eid, strict, name))
    assert "Who are you?" in browser.text
    await browser.go(link(eid, strict, name))
    assert browser.page.status_code == 400, "used"
    late = (await pushed(http, eid, strict, ask(eid, strict))).json()["request_uri"]
    connection = await asyncpg.connect(eid.environment["EID_DATABASE_URL"])
    try:
        await connection.execute(
            "UPDATE eid.pushed_request SET expires_at = expires_at - $1::interval", timedelta(seconds=61)
        )
    finally:
        await connection.close()
    await browser.go(link(eid, strict, late))
    assert browser.page.status_code == 400, "late"
    assert "location" not in browser.page.headers


async def test_a_client_that_must_push_is_not_heard_otherwise(
    eid: Running, strict: RelyingParty, browser: Browser
) -> None:
    party = RelyingParty("promising")
    party.register(eid, require_pushed_authorization_requests=True)
    for one in (strict, party):
        await browser.go(ask(eid, one).url)
        assert browser.answer()["error"] == "invalid_request"


WRONG: dict[str, dict[str, str]] = {
    "another address": {"redirect_uri": "https://elsewhere.example/"},
    "no challenge": {"code_challenge": ""},
    "another kind of answer": {"response_type": "token"},
    "another client": {"client_id": "portal"},
    "a request within": {"request_uri": "urn:ietf:params:oauth:request_uri:x"},
}


@pytest.mark.parametrize("name", WRONG)
async def test_a_wrong_request_is_refused_when_it_is_pushed(
    name: str, eid: Running, strict: RelyingParty, http: httpx.AsyncClient
) -> None:
    sent = dict(httpx.URL(ask(eid, strict).url).params) | WRONG[name]
    answer = await http.post(f"{eid.url}/oauth2/par", data=signed_form(eid, strict, **sent))
    assert answer.status_code in {400, 401}
    assert answer.json()["error"]
    assert "request_uri" not in answer.json()


async def test_nobody_pushes_in_the_name_of_another(
    eid: Running, strict: RelyingParty, http: httpx.AsyncClient
) -> None:
    sent = dict(httpx.URL(ask(eid, strict).url).params)
    assert (await http.post(f"{eid.url}/oauth2/par", data=sent)).json()["error"] == "invalid_client"


async def test_whom_a_pushed_request_hints_at_is_not_kept_with_it(
    eid: Running, strict: RelyingParty, http: httpx.AsyncClient
) -> None:
    assert (await pushed(http, eid, strict, ask(eid, strict), login_hint=BESNIK)).status_code == 201
    connection = await asyncpg.connect(eid.environment["EID_DATABASE_URL"])
    try:
        kept = await connection.fetchval("SELECT string_agg(request, ' ') FROM eid.pushed_request")
    finally:
        await connection.close()
    assert "hinted_person" in kept
    assert BESNIK not in kept
