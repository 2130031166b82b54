"""What a code gives, to whom, and how often."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import Callable
from datetime import timedelta

import asyncpg
import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from .parties import ARTA, DRITA, PINS, Asked, Browser, RelyingParty, Running, ask, redeem, token_form


async def agreed(eid: Running, portal: RelyingParty, browser: Browser, **wish: str) -> tuple[str, Asked]:
    """Sign Arta in and return the code."""
    asked = ask(eid, portal, **wish)
    return (await browser.sign_in(asked.url, ARTA))["code"], asked


async def who(http: httpx.AsyncClient, eid: Running, access_token: str) -> httpx.Response:
    """Ask who an access token speaks of."""
    return await http.get(f"{eid.url}/userinfo", headers={"Authorization": f"Bearer {access_token}"})


async def keys_of(http: httpx.AsyncClient, eid: Running) -> KeySet:
    """Return the published keys."""
    return KeySet.import_key_set((await http.get(f"{eid.url}/jwks.json")).json())


async def test_a_code_gives_who_she_is_in_a_signed_token(
    eid: Running, portal: RelyingParty, browser: Browser, http: httpx.AsyncClient
) -> None:
    code, asked = await agreed(eid, portal, browser)
    answer = await redeem(http, eid, token_form(eid, portal, code, asked.verifier))
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 600)
    token = jwt.decode(body["id_token"], await keys_of(http, eid), ["ES256"])
    claims = token.claims
    half = hashlib.sha256(body["access_token"].encode()).digest()[:16]
    assert (claims["iss"], claims["aud"], claims["nonce"]) == (eid.url, "portal", asked.nonce)
    assert claims["exp"] - claims["iat"] == 300
    assert (claims["acr"], claims["amr"]) == ("low", ["pin"])
    assert claims["at_hash"] == base64.urlsafe_b64encode(half).rstrip(b"=").decode()
    assert (claims["given_name"], claims["family_name"], claims["personal_number"]) == ("Arta", "Krasniqi", ARTA)
    assert {"sub", "sid", "auth_time", "birthdate", "email", "locale"} <= set(claims)
    told = (await who(http, eid, body["access_token"])).json()
    assert told["sub"] == claims["sub"]
    assert all(claims[name] == value for name, value in told.items())


async def test_the_e_mail_address_is_told_only_to_who_asked_for_it(
    eid: Running, portal: RelyingParty, browser: Browser, http: httpx.AsyncClient
) -> None:
    asked = ask(eid, portal, scope="openid")
    await browser.go(asked.url)
    assert "e-mail" not in browser.text
    code = (await browser.sign_in(asked.url, ARTA))["code"]
    body = (await redeem(http, eid, token_form(eid, portal, code, asked.verifier))).json()
    assert "email" not in (await who(http, eid, body["access_token"])).json()


async def test_a_code_brought_twice_gives_nothing_and_takes_back_what_it_gave(
    eid: Running, portal: RelyingParty, browser: Browser, http: httpx.AsyncClient
) -> None:
    code, asked = await agreed(eid, portal, browser)
    first = (await redeem(http, eid, token_form(eid, portal, code, asked.verifier))).json()
    assert (await who(http, eid, first["access_token"])).status_code == 200
    again = await redeem(http, eid, token_form(eid, portal, code, asked.verifier))
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert (await who(http, eid, first["access_token"])).status_code == 401


async def test_of_two_who_bring_a_code_at_once_one_gets_nothing(
    eid: Running, portal: RelyingParty, browser: Browser, http: httpx.AsyncClient
) -> None:
    code, asked = await agreed(eid, portal, browser)
    answers = await asyncio.gather(
        *(redeem(http, eid, token_form(eid, portal, code, asked.verifier)) for _ in range(8))
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 7


WRONG_GRANTS: dict[str, tuple[dict[str, str | None], str]] = {
    "another verifier": ({"code_verifier": "x" * 43}, "invalid_grant"),
    "a short verifier": ({"code_verifier": "x"}, "invalid_grant"),
    "no verifier": ({"code_verifier": None}, "invalid_request"),
    "another address": ({"redirect_uri": "http://127.0.0.1:9/"}, "invalid_grant"),
    "no address": ({"redirect_uri": None}, "invalid_request"),
    "another code": ({"code": "unknown"}, "invalid_grant"),
    "no code": ({"code": None}, "invalid_request"),
    "another grant": ({"grant_type": "client_credentials"}, "unsupported_grant_type"),
    "no grant": ({"grant_type": None}, "invalid_request"),
}


@pytest.mark.parametrize("name", WRONG_GRANTS)
async def test_a_token_request_is_refused_with(
    name: str, eid: Running, portal: RelyingParty, browser: Browser, http: httpx.AsyncClient
) -> None:
    wrong, error = WRONG_GRANTS[name]
    code, asked = await agreed(eid, portal, browser)
    answer = await redeem(http, eid, token_form(eid, portal, code, asked.verifier, **wrong))
    assert (answer.status_code, answer.json()["error"]) == (400, error)


async def test_a_code_is_good_for_a_minute(
    eid: Running, portal: RelyingParty, browser: Browser, http: httpx.AsyncClient
) -> None:
    code, asked = await agreed(eid, portal, browser)
    await passed(eid, "authorization_code", "code_hash", code, timedelta(seconds=61))
    answer = await redeem(http, eid, token_form(eid, portal, code, asked.verifier))
    assert answer.json()["error"] == "invalid_grant"


async def test_an_access_token_is_good_for_ten_minutes(
    eid: Running, portal: RelyingParty, browser: Browser, http: httpx.AsyncClient
) -> None:
    code, asked = await agreed(eid, portal, browser)
    token = (await redeem(http, eid, token_form(eid, portal, code, asked.verifier))).json()["access_token"]
    await passed(eid, "access_token", "token_hash", token, timedelta(minutes=9))
    assert (await who(http, eid, token)).status_code == 200
    await passed(eid, "access_token", "token_hash", token, timedelta(minutes=1, seconds=1))
    answer = await who(http, eid, token)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'


async def passed(eid: Running, table: str, column: str, token: str, time: timedelta) -> None:
    """Let time pass for one code or token."""
    connection = await asyncpg.connect(eid.environment["EID_DATABASE_URL"])
    try:
        await connection.execute(
            f"UPDATE eid.{table} SET expires_at = expires_at - $2::interval WHERE {column} = $1",  # noqa: S608 - names of ours
            hashlib.sha256(token.encode()).digest(),
            time,
        )
    finally:
        await connection.close()


async def test_a_code_is_of_no_use_to_another_client(
    eid: Running, portal: RelyingParty, browser: Browser, http: httpx.AsyncClient
) -> None:
    thief = RelyingParty("thief")
    thief.register(eid)
    code, asked = await agreed(eid, portal, browser)
    answer = await redeem(http, eid, token_form(eid, thief, code, asked.verifier))
    assert answer.json()["error"] == "invalid_grant"
    assert (await redeem(http, eid, token_form(eid, portal, code, asked.verifier))).status_code == 200


async def test_nothing_may_be_said_twice(eid: Running, portal: RelyingParty, http: httpx.AsyncClient) -> None:
    form = httpx.QueryParams(token_form(eid, portal, "a code", "x" * 43))
    answer = await http.post(
        f"{eid.url}/oauth2/token",
        content=f"{form}&code=another",
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"{}"])
async def test_what_is_no_form_is_refused(content: bytes, eid: Running, http: httpx.AsyncClient) -> None:
    answer = await http.post(
        f"{eid.url}/oauth2/token", content=content, headers={"content-type": "application/x-www-form-urlencoded"}
    )
    assert answer.status_code in {400, 401}
    assert "error" in answer.json()


async def test_userinfo_speaks_to_nobody_without_a_token(eid: Running, http: httpx.AsyncClient) -> None:
    without = await http.get(f"{eid.url}/userinfo")
    assert (without.status_code, without.headers["www-authenticate"]) == (401, "Bearer")
    junk = await who(http, eid, "junk")
    assert (junk.status_code, junk.headers["www-authenticate"]) == (401, 'Bearer error="invalid_token"')
    in_address = await http.get(f"{eid.url}/userinfo?access_token=junk")
    assert in_address.status_code == 401


async def test_the_database_holds_no_pin_code_token_or_private_key_that_could_be_used(
    eid: Running, portal: RelyingParty, new_browser: Callable[[], Browser], http: httpx.AsyncClient
) -> None:
    browser = new_browser()
    asked = ask(eid, portal)
    code = (await browser.sign_in(asked.url, DRITA))["code"]
    tokens = (await redeem(http, eid, token_form(eid, portal, code, asked.verifier))).json()
    secrets = [code, tokens["access_token"], tokens["id_token"], *browser.http.cookies.values()]
    connection = await asyncpg.connect(eid.environment["EID_DATABASE_URL"])
    try:
        tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'eid'")
        rows = [
            await connection.fetchval(f"SELECT string_agg(t::text, ' ') FROM eid.{table['tablename']} t")  # noqa: S608
            for table in tables
        ]
    finally:
        await connection.close()
    everything = " ".join(filter(None, rows))
    assert "scrypt$" in everything
    for secret in secrets:
        assert secret not in everything
        assert secret.encode().hex() not in everything
    assert f'"{PINS[DRITA]}"' not in everything
    assert '"d":' not in everything.replace('"d": ', '"d":')
