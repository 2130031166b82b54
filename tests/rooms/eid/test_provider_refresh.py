"""A client that stays connected: only with her yes, one token after the other, and none that came of a stolen one."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import pytest
from joserfc.jwk import ECKey

from .calls import KEY, proof, signed_form
from .parties import ARTA, Browser, RelyingParty, Running, ask, redeem, token_form

GRANTS = ["authorization_code", "refresh_token"]
SCOPE = "openid email offline_access"


@pytest.fixture(scope="module")
def lasting(eid: Running) -> RelyingParty:
    """Give a client that may stay connected."""
    party = RelyingParty("lasting")
    party.register(eid, grant_types=GRANTS)
    return party


async def connected(
    http: httpx.AsyncClient, eid: Running, party: RelyingParty, browser: Browser, scope: str = SCOPE, **headers: str
) -> dict[str, Any]:
    """Sign Arta in and return what the client is given."""
    asked = ask(eid, party, scope=scope)
    code = (await browser.sign_in(asked.url, ARTA))["code"]
    return (await redeem(http, eid, token_form(eid, party, code, asked.verifier), **headers)).json()


async def refreshed(
    http: httpx.AsyncClient, eid: Running, party: RelyingParty, token: str, /, *, dpop: str = "", **more: str
) -> httpx.Response:
    """Bring a refresh token."""
    form = signed_form(eid, party, grant_type="refresh_token", refresh_token=token, **more)
    return await redeem(http, eid, form, **({"dpop": dpop} if dpop else {}))


async def told(http: httpx.AsyncClient, eid: Running, party: RelyingParty, token: str) -> dict[str, Any]:
    """Return what the eID says of a token."""
    return (await http.post(f"{eid.url}/oauth2/introspect", data=signed_form(eid, party, token=token))).json()


async def passed(eid: Running, column: str, time: timedelta) -> None:
    """Let time pass for the refresh tokens."""
    connection = await asyncpg.connect(eid.environment["EID_DATABASE_URL"])
    try:
        await connection.execute(f"UPDATE eid.refresh_token SET {column} = {column} - $1::interval", time)  # noqa: S608 - ours
    finally:
        await connection.close()


async def test_a_client_stays_connected_by_one_token_after_the_other(
    eid: Running, lasting: RelyingParty, browser: Browser, http: httpx.AsyncClient
) -> None:
    first = await connected(http, eid, lasting, browser)
    answer = await refreshed(http, eid, lasting, first["refresh_token"])
    second = answer.json()
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert second["refresh_token"] != first["refresh_token"]
    assert second["access_token"] != first["access_token"]
    assert second["scope"] == SCOPE
    who = await http.get(f"{eid.url}/userinfo", headers={"authorization": f"Bearer {second['access_token']}"})
    assert who.json()["personal_number"] == ARTA
    assert (await told(http, eid, lasting, second["refresh_token"]))["active"] is True
    assert (await told(http, eid, lasting, first["refresh_token"]))["active"] is False


async def test_the_new_id_token_is_of_the_same_sign_in(
    eid: Running, lasting: RelyingParty, browser: Browser, http: httpx.AsyncClient
) -> None:
    first = await connected(http, eid, lasting, browser)
    second = (await refreshed(http, eid, lasting, first["refresh_token"])).json()
    old, new = (_claims(given["id_token"]) for given in (first, second))
    for name in ("iss", "sub", "aud", "auth_time", "acr", "amr", "sid"):
        assert old[name] == new[name], name
    assert "nonce" in old
    assert "nonce" not in new


def _claims(token: str) -> dict[str, Any]:
    from eid.provider.tokens import peek  # noqa: PLC0415 - read without believing, which the other tests do

    return peek(token)[1]


async def test_a_token_brought_twice_ends_all_that_came_of_it(
    eid: Running, lasting: RelyingParty, browser: Browser, http: httpx.AsyncClient
) -> None:
    first = await connected(http, eid, lasting, browser)
    second = (await refreshed(http, eid, lasting, first["refresh_token"])).json()
    again = await refreshed(http, eid, lasting, first["refresh_token"])
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert (await refreshed(http, eid, lasting, second["refresh_token"])).json()["error"] == "invalid_grant"
    for token in (first["access_token"], second["access_token"]):
        answer = await http.get(f"{eid.url}/userinfo", headers={"authorization": f"Bearer {token}"})
        assert answer.status_code == 401


async def test_of_many_who_bring_a_token_at_once_one_at_most_is_given_another(
    eid: Running, lasting: RelyingParty, browser: Browser, http: httpx.AsyncClient
) -> None:
    token = (await connected(http, eid, lasting, browser))["refresh_token"]
    answers = await asyncio.gather(*(refreshed(http, eid, lasting, token) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 4


async def test_a_code_brought_twice_ends_the_connection_too(
    eid: Running, lasting: RelyingParty, browser: Browser, http: httpx.AsyncClient
) -> None:
    asked = ask(eid, lasting, scope=SCOPE)
    code = (await browser.sign_in(asked.url, ARTA))["code"]
    given = (await redeem(http, eid, token_form(eid, lasting, code, asked.verifier))).json()
    await redeem(http, eid, token_form(eid, lasting, code, asked.verifier))
    assert (await refreshed(http, eid, lasting, given["refresh_token"])).json()["error"] == "invalid_grant"


async def test_a_client_that_gives_its_token_back_has_nothing_left(
    eid: Running, lasting: RelyingParty, browser: Browser, http: httpx.AsyncClient
) -> None:
    given = await connected(http, eid, lasting, browser)
    form = signed_form(eid, lasting, token=given["refresh_token"], token_type_hint="refresh_token")
    assert (await http.post(f"{eid.url}/oauth2/revoke", data=form)).status_code == 200
    assert (await refreshed(http, eid, lasting, given["refresh_token"])).json()["error"] == "invalid_grant"
    assert (await told(http, eid, lasting, given["access_token"]))["active"] is False


async def test_another_client_can_neither_use_nor_end_a_token(
    eid: Running, lasting: RelyingParty, browser: Browser, http: httpx.AsyncClient
) -> None:
    thief = RelyingParty("lasting-thief")
    thief.register(eid, grant_types=GRANTS)
    given = await connected(http, eid, lasting, browser)
    assert (await refreshed(http, eid, thief, given["refresh_token"])).json()["error"] == "invalid_grant"
    form = signed_form(eid, thief, token=given["refresh_token"])
    assert (await http.post(f"{eid.url}/oauth2/revoke", data=form)).status_code == 400
    assert (await told(http, eid, thief, given["refresh_token"])) == {"active": False}
    assert (await refreshed(http, eid, lasting, given["refresh_token"])).status_code == 200


async def test_a_token_that_is_bound_to_a_key_is_of_no_use_to_another(
    eid: Running, browser: Browser, http: httpx.AsyncClient
) -> None:
    strict = RelyingParty("lasting-strict")
    strict.register(eid, grant_types=GRANTS, dpop_bound_access_tokens=True)
    given = await connected(http, eid, strict, browser, dpop=proof(eid, "POST", "/oauth2/token"))
    token, other = given["refresh_token"], ECKey.generate_key("P-256")
    assert (await refreshed(http, eid, strict, token)).json()["error"] == "invalid_dpop_proof"
    thiefs = proof(eid, "POST", "/oauth2/token", key=other, jwk=other)
    assert (await refreshed(http, eid, strict, token, dpop=thiefs)).json()["error"] == "invalid_grant"
    answer = await refreshed(http, eid, strict, token, dpop=proof(eid, "POST", "/oauth2/token"))
    assert answer.json()["token_type"] == "DPoP"
    assert (await told(http, eid, strict, answer.json()["refresh_token"]))["cnf"] == {"jkt": KEY.thumbprint()}


async def test_a_connection_ends_when_it_lies_idle_for_two_weeks(
    eid: Running, lasting: RelyingParty, browser: Browser, http: httpx.AsyncClient
) -> None:
    token = (await connected(http, eid, lasting, browser))["refresh_token"]
    await passed(eid, "expires_at", timedelta(days=13, hours=23))
    token = (await refreshed(http, eid, lasting, token)).json()["refresh_token"]
    await passed(eid, "expires_at", timedelta(days=14, seconds=1))
    assert (await refreshed(http, eid, lasting, token)).json()["error"] == "invalid_grant"


async def test_a_connection_ends_after_ninety_days_however_often_it_is_used(
    eid: Running, lasting: RelyingParty, browser: Browser, http: httpx.AsyncClient
) -> None:
    token = (await connected(http, eid, lasting, browser))["refresh_token"]
    await passed(eid, "auth_time", timedelta(days=89, hours=23))
    token = (await refreshed(http, eid, lasting, token)).json()["refresh_token"]
    said = await told(http, eid, lasting, token)
    assert said["exp"] - said["auth_time"] == timedelta(days=90).total_seconds()
    await passed(eid, "expires_at", timedelta(hours=1, seconds=1))
    assert (await refreshed(http, eid, lasting, token)).json()["error"] == "invalid_grant"


async def test_she_is_asked_each_time_and_reads_what_it_means(
    eid: Running, lasting: RelyingParty, browser: Browser, http: httpx.AsyncClient
) -> None:
    await connected(http, eid, lasting, browser)
    await browser.go(ask(eid, lasting, scope=SCOPE, prompt="none").url)
    assert browser.answer()["error"] == "consent_required"
    await browser.go(ask(eid, lasting, scope=SCOPE).url)
    assert "stays connected" in browser.text
    await browser.go(ask(eid, lasting, scope="openid", prompt="login").url)
    assert "stays connected" not in browser.text


@pytest.mark.parametrize(
    ("grants", "scope"),
    [(["authorization_code"], SCOPE), (GRANTS, "openid email")],
    ids=["grant", "scope"],
)
async def test_nobody_stays_connected_who_did_not_register_and_ask(
    grants: list[str], scope: str, eid: Running, browser: Browser, http: httpx.AsyncClient
) -> None:
    party = RelyingParty(f"passing-{len(grants)}")
    party.register(eid, grant_types=grants)
    given = await connected(http, eid, party, browser, scope)
    assert "refresh_token" not in given
    assert given["scope"] == "openid email"


WRONG: dict[str, tuple[dict[str, str], str]] = {
    "an unknown token": ({"refresh_token": "unknown"}, "invalid_grant"),
    "no token": ({"refresh_token": ""}, "invalid_request"),
    "more than was agreed": ({"scope": "openid representation"}, "invalid_scope"),
    "nobody": ({"scope": "email"}, "invalid_scope"),
}


@pytest.mark.parametrize("name", WRONG)
async def test_a_wrong_request_gives_nothing_and_takes_nothing(
    name: str, eid: Running, lasting: RelyingParty, browser: Browser, http: httpx.AsyncClient
) -> None:
    wrong, error = WRONG[name]
    token = (await connected(http, eid, lasting, browser))["refresh_token"]
    form = signed_form(eid, lasting, **({"grant_type": "refresh_token", "refresh_token": token} | wrong))
    assert (await redeem(http, eid, form)).json()["error"] == error
    narrow = (await refreshed(http, eid, lasting, token, scope="openid")).json()
    assert narrow["scope"] == "openid"
    wide = (await refreshed(http, eid, lasting, narrow["refresh_token"])).json()
    assert wide["scope"] == SCOPE


async def test_a_client_without_the_grant_cannot_refresh(
    eid: Running, portal: RelyingParty, http: httpx.AsyncClient
) -> None:
    answer = await refreshed(http, eid, portal, "any")
    assert answer.json()["error"] == "unauthorized_client"
