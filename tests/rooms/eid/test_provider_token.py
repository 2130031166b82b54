"""What a code gives, to whom, and how often."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from .parties import ARTA, DRITA, PINS, Asked, Browser, RelyingParty, Running, ask, assertion, now, token_form

Wrong = Callable[[Running, RelyingParty], dict[str, str | None]]


async def agreed(eid: Running, portal: RelyingParty, browser: Browser, **wish: str) -> tuple[str, Asked]:
    """Sign Arta in and return the code."""
    asked = ask(eid, portal, **wish)
    return (await browser.sign_in(asked.url, ARTA))["code"], asked


async def redeem(http: httpx.AsyncClient, eid: Running, form: dict[str, str], **headers: str) -> httpx.Response:
    """Send a token request."""
    return await http.post(f"{eid.url}/oauth2/token", data=form, headers=headers)


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
    assert (claims["acr"], claims["amr"]) == ("substantial", ["pin"])
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
