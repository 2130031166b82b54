"""What clients rely on, as a short table to be tried against any provider of ours."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import httpx

from eid.provider.tokens import peek

from .calls import hash_of, proof, signed_form
from .parties import ARTA, REDIRECT_URI, Asked, Browser, RelyingParty, Running, ask, assertion, token_form

PORTAL = RelyingParty("mutants")
OTHER = RelyingParty("mutants-other")
ELSEWHERE = "http://other.localhost:9/return"  # another host: she has another name there


@dataclass
class World:
    """One citizen who is signed in, and what the service was given for it."""

    eid: Running
    browser: Browser
    http: httpx.AsyncClient
    asked: Asked = field(init=False)
    told: dict[str, str] = field(init=False)
    given: dict[str, Any] = field(init=False)

    async def begin(self) -> None:
        """Sign Arta in; the service may stay connected."""
        self.asked = ask(self.eid, PORTAL, scope="openid offline_access")
        self.told = await self.browser.sign_in(self.asked.url, ARTA)
        self.given = (await self.redeem(self.told["code"], self.asked.verifier)).json()

    async def redeem(self, code: str, verifier: str, **changed: str | None) -> httpx.Response:
        """Bring a code to the token endpoint."""
        return await self.post("token", token_form(self.eid, PORTAL, code, verifier, **changed))

    async def post(self, where: str, form: dict[str, str], **headers: str) -> httpx.Response:
        """Call an endpoint."""
        return await self.http.post(f"{self.eid.url}/oauth2/{where}", data=form, headers=headers)

    async def code(self, party: RelyingParty = PORTAL, **wish: str) -> tuple[str, str]:
        """Return a code for who is signed in, and its verifier."""
        asked = ask(self.eid, party, **({"scope": "openid"} | wish))
        page = await self.browser.go(asked.url)
        if not page.is_redirect:
            page = await self._again()
        return dict(httpx.URL(page.headers["location"]).params)["code"], asked.verifier

    async def _again(self) -> httpx.Response:
        """Sign in at a service that she has not been to."""
        await self.browser.say(ARTA)
        return await self.browser.prove("1111")

    async def who(self, scheme: str, token: str, **headers: str) -> int:
        """Return the status of userinfo."""
        headers["authorization"] = f"{scheme} {token}"
        return (await self.http.get(f"{self.eid.url}/userinfo", headers=headers)).status_code


# What clients rely on.
async def the_answer_is_to_what_was_asked_and_says_from_whom(world: World) -> None:
    assert (world.told.get("state"), world.told.get("iss")) == (world.asked.state, world.eid.url)


async def the_token_is_for_this_client_and_this_request(world: World) -> None:
    claims = peek(world.given["id_token"])[1]
    assert (claims["iss"], claims["aud"], claims.get("nonce")) == (world.eid.url, "mutants", world.asked.nonce)
    assert claims["exp"] - claims["iat"] <= 300


async def the_token_belongs_to_the_access_token(world: World) -> None:
    half = hashlib.sha256(world.given["access_token"].encode()).digest()[:16]
    wanted = base64.urlsafe_b64encode(half).rstrip(b"=").decode()
    assert peek(world.given["id_token"])[1]["at_hash"] == wanted


async def a_code_is_good_once(world: World) -> None:
    code, verifier = await world.code()
    assert (await world.redeem(code, verifier)).status_code == 200
    assert (await world.redeem(code, verifier)).status_code == 400


async def a_code_is_good_for_a_minute(world: World) -> None:
    code, verifier = await world.code()
    connection = await asyncpg.connect(world.eid.environment["EID_DATABASE_URL"])
    try:
        late = "UPDATE eid.authorization_code SET expires_at = expires_at - interval '61 seconds' WHERE code_hash = $1"
        await connection.execute(late, hashlib.sha256(code.encode()).digest())
    finally:
        await connection.close()
    assert (await world.redeem(code, verifier)).status_code == 400


async def a_code_is_good_with_its_verifier(world: World) -> None:
    code, _verifier = await world.code()
    assert (await world.redeem(code, secrets.token_urlsafe(32))).status_code == 400


async def a_code_is_good_for_its_client(world: World) -> None:
    code, verifier = await world.code()
    answer = await world.post("token", token_form(world.eid, OTHER, code, verifier))
    assert answer.status_code == 400


async def nobody_is_sent_to_an_address_that_was_not_registered(world: World) -> None:
    page = await world.browser.go(ask(world.eid, PORTAL, redirect_uri=f"{REDIRECT_URI}/../evil").url)
    assert page.status_code == 400


async def an_assertion_is_good_once(world: World) -> None:
    form = signed_form(world.eid, PORTAL, token="unknown")
    assert [(await world.post("introspect", form)).status_code for _ in range(2)] == [200, 401]


async def an_assertion_is_good_for_us(world: World) -> None:
    said = assertion(world.eid, PORTAL, aud="https://elsewhere.example")
    form = signed_form(world.eid, PORTAL, token="unknown") | {"client_assertion": said}
    assert (await world.post("introspect", form)).status_code == 401


async def a_proof_is_good_for_its_call(world: World) -> None:
    code, verifier = await world.code()
    form = token_form(world.eid, PORTAL, code, verifier)
    assert (await world.post("token", form, dpop=proof(world.eid, "POST", "/oauth2/par"))).status_code == 400


async def a_bound_token_is_good_with_its_key(world: World) -> None:
    code, verifier = await world.code()
    form = token_form(world.eid, PORTAL, code, verifier)
    token = (await world.post("token", form, dpop=proof(world.eid, "POST", "/oauth2/token"))).json()["access_token"]
    assert await world.who("Bearer", token) == 401
    good = proof(world.eid, "GET", "/userinfo", ath=hash_of(token))
    assert await world.who("DPoP", token, dpop=good) == 200
    assert await world.who("DPoP", token, dpop=good) == 401, "a proof is good once"


async def a_refresh_token_is_good_once(world: World) -> None:
    token = world.given["refresh_token"]
    forms = [signed_form(world.eid, PORTAL, grant_type="refresh_token", refresh_token=token) for _ in range(2)]
    assert [(await world.post("token", form)).status_code for form in forms] == [200, 400]


async def she_has_another_name_at_another_service(world: World) -> None:
    code, verifier = await world.code(OTHER, redirect_uri=ELSEWHERE)
    form = token_form(world.eid, OTHER, code, verifier, redirect_uri=ELSEWHERE)
    given = (await world.post("token", form)).json()
    assert peek(given["id_token"])[1]["sub"] != peek(world.given["id_token"])[1]["sub"]


async def who_signed_out_is_out(world: World) -> None:
    query = httpx.QueryParams({"id_token_hint": world.given["id_token"]})
    cookies = dict(world.browser.http.cookies)
    await world.browser.go(f"/oauth2/sessions/logout?{query}")
    world.browser.http.cookies.update(cookies)  # whoever kept a copy of them is out too
    page = await world.browser.go(ask(world.eid, PORTAL, scope="openid", prompt="none").url)
    assert "login_required" in page.headers["location"]


TABLE: tuple[Callable[[World], Awaitable[None]], ...] = (
    the_answer_is_to_what_was_asked_and_says_from_whom,
    the_token_is_for_this_client_and_this_request,
    the_token_belongs_to_the_access_token,
    a_code_is_good_once,
    a_code_is_good_for_a_minute,
    a_code_is_good_with_its_verifier,
    a_code_is_good_for_its_client,
    nobody_is_sent_to_an_address_that_was_not_registered,
    an_assertion_is_good_once,
    an_assertion_is_good_for_us,
    a_proof_is_good_for_its_call,
    a_bound_token_is_good_with_its_key,
    a_refresh_token_is_good_once,
    she_has_another_name_at_another_service,
    who_signed_out_is_out,
)


async def broken(eid: Running) -> set[str]:
    """Return what clients rely on and do not find."""
    found: set[str] = set()
    async with httpx.AsyncClient(trust_env=False) as http:
        world = World(eid, Browser(eid.url), http)
        await world.begin()
        for check in TABLE:
            try:
                await check(world)
            except (AssertionError, KeyError):
                found.add(check.__name__)
        await world.browser.close()
    return found
