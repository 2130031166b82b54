"""A client asks somebody on her phone (CIBA): at a counter, say, where she has no browser."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from eid.provider.database import SESSION
from eid.provider.means import store as means

from .calls import proof, signed_form
from .means import bring, enrol, mend, waiting
from .parties import AGIM, ARTA, BESNIK, DRITA, EMINE, RelyingParty, Running, now, redeem

FATMIR = "1300000031"
CIBA = "urn:openid:params:grant-type:ciba"
POLL = {"grant_types": ["authorization_code", CIBA], "backchannel_token_delivery_mode": "poll"}


@pytest.fixture(scope="module")
def counter(eid: Running) -> RelyingParty:
    """Give the clerks' client."""
    party = RelyingParty("counter")
    party.register(eid, **POLL)
    return party


@pytest.fixture
async def phones(eid: Running) -> AsyncIterator[asyncpg.Connection]:
    """Give what is on people's phones; nobody was asked lately."""
    connection = await asyncpg.connect(eid.environment["EID_DATABASE_URL"], server_settings=SESSION)
    await connection.execute("DELETE FROM backchannel_request")
    await connection.execute("DELETE FROM approval")
    yield connection
    await connection.close()


async def call_up(
    http: httpx.AsyncClient, eid: Running, party: RelyingParty, /, number: str = ARTA, **said: str
) -> httpx.Response:
    """Ask somebody on her phone."""
    form = signed_form(eid, party, **({"scope": "openid", "login_hint": number} | said))
    return await http.post(f"{eid.url}/oauth2/ciba", data={name: value for name, value in form.items() if value})


async def look(http: httpx.AsyncClient, eid: Running, party: RelyingParty, name: str, **headers: str) -> httpx.Response:
    """Look whether she has answered."""
    return await redeem(http, eid, signed_form(eid, party, grant_type=CIBA, auth_req_id=name), **headers)


async def answered(phones: asyncpg.Connection, answer: str, number: str = ARTA) -> None:
    """Answer what waits, as the phone's page does after the right PIN."""
    (approval,) = await waiting(phones, number)
    await means.answer_approval(phones, approval.id, answer, now())


async def passed(phones: asyncpg.Connection, seconds: float) -> None:
    """Let time pass for what was asked."""
    time = timedelta(seconds=seconds)
    for column in ("created_at", "expires_at", "polled_at"):
        await phones.execute(f"UPDATE backchannel_request SET {column} = {column} - $1::interval", time)  # noqa: S608 - ours
    for column in ("created_at", "expires_at"):
        await phones.execute(f"UPDATE approval SET {column} = {column} - $1::interval", time)  # noqa: S608 - ours


async def test_she_reads_who_asks_and_what_for_and_the_client_learns_who_she_is_when_she_says_yes(
    eid: Running, counter: RelyingParty, phones: asyncpg.Connection, http: httpx.AsyncClient
) -> None:
    answer = await call_up(http, eid, counter, binding_message="Counter 4, ticket A-017", acr_values="substantial")
    body = answer.json()
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert (body["expires_in"], body["interval"]) == (120, 5)
    (approval,) = await waiting(phones, ARTA)
    assert (approval.message, approval.client_id) == ("Counter 4, ticket A-017", "counter")
    assert (approval.control_code, approval.kind, approval.pin) == (body["control_code"], "backchannel", "pin1")
    pending = await look(http, eid, counter, body["auth_req_id"])
    assert (pending.status_code, pending.json()["error"]) == (400, "authorization_pending")
    await answered(phones, "approved")
    given = await look(http, eid, counter, body["auth_req_id"])
    keys = KeySet.import_key_set((await http.get(f"{eid.url}/jwks.json")).json())
    claims = jwt.decode(given.json()["id_token"], keys, ["ES256"]).claims
    assert (claims["personal_number"], claims["aud"], claims["acr"]) == (ARTA, "counter", "substantial")
    assert claims["amr"] == ["mca", "pin"]
    assert not {"nonce", "sid"} & set(claims)
    who = await http.get(f"{eid.url}/userinfo", headers={"authorization": f"Bearer {given.json()['access_token']}"})
    assert who.json()["sub"] == claims["sub"]
    assert (await look(http, eid, counter, body["auth_req_id"])).json()["error"] == "invalid_grant", "once"


async def test_who_needs_more_asks_for_the_second_pin(
    eid: Running, counter: RelyingParty, phones: asyncpg.Connection, http: httpx.AsyncClient
) -> None:
    body = (await call_up(http, eid, counter, acr_values="high")).json()
    (approval,) = await waiting(phones, ARTA)
    assert approval.pin == "pin2"
    await answered(phones, "approved")
    given = (await look(http, eid, counter, body["auth_req_id"])).json()
    assert _claims(given["id_token"])["acr"] == "high"


def _claims(token: str) -> dict[str, Any]:
    from eid.provider.tokens import peek  # noqa: PLC0415 - read without believing, which the other test does

    return peek(token)[1]


async def test_who_looks_too_often_is_told_to_wait_longer(
    eid: Running, counter: RelyingParty, phones: asyncpg.Connection, http: httpx.AsyncClient
) -> None:
    name = (await call_up(http, eid, counter)).json()["auth_req_id"]

    async def error() -> str:
        return (await look(http, eid, counter, name)).json()["error"]

    assert [await error() for _ in range(3)] == ["authorization_pending", "slow_down", "slow_down"]
    await passed(phones, 5)
    assert await error() == "slow_down", "it has to wait fifteen seconds by now"
    await passed(phones, 21)
    assert await error() == "authorization_pending"


async def test_her_no_is_a_no(
    eid: Running, counter: RelyingParty, phones: asyncpg.Connection, http: httpx.AsyncClient
) -> None:
    name = (await call_up(http, eid, counter)).json()["auth_req_id"]
    await answered(phones, "refused")
    assert (await look(http, eid, counter, name)).json()["error"] == "access_denied"
    assert (await call_up(http, eid, counter)).status_code == 200, "she may be asked again"


async def test_a_question_ends_after_two_minutes_and_an_answer_waits_a_minute_more(
    eid: Running, counter: RelyingParty, phones: asyncpg.Connection, http: httpx.AsyncClient
) -> None:
    name = (await call_up(http, eid, counter)).json()["auth_req_id"]
    await passed(phones, 121)
    assert (await look(http, eid, counter, name)).json()["error"] == "expired_token"
    name = (await call_up(http, eid, counter)).json()["auth_req_id"]
    await answered(phones, "approved")
    await passed(phones, 170)
    assert (await look(http, eid, counter, name)).status_code == 200
    name = (await call_up(http, eid, counter)).json()["auth_req_id"]
    await answered(phones, "approved")
    await passed(phones, 181)
    assert (await look(http, eid, counter, name)).json()["error"] == "expired_token"


async def test_a_client_may_have_it_end_sooner_but_not_later(
    eid: Running, counter: RelyingParty, phones: asyncpg.Connection, http: httpx.AsyncClient
) -> None:
    assert (await call_up(http, eid, counter, requested_expiry="30")).json()["expires_in"] == 30
    assert (await call_up(http, eid, counter, BESNIK, requested_expiry="9000")).json()["expires_in"] == 120
    assert phones


WRONG: dict[str, tuple[dict[str, str], str]] = {
    "nobody is named": ({"login_hint": ""}, "invalid_request"),
    "nobody has the number": ({"login_hint": "1399999999"}, "unknown_user_id"),
    "no number": ({"login_hint": "Arta"}, "unknown_user_id"),
    "she has no phone": ({"login_hint": AGIM}, "unknown_user_id"),
    "named twice": ({"id_token_hint": "a.b.c"}, "invalid_request"),
    "named by a token": ({"login_hint": "", "login_hint_token": "a.b.c"}, "invalid_request"),
    "a long message": ({"binding_message": "x" * 41}, "invalid_binding_message"),
    "an invisible message": ({"binding_message": "pay \u202e0001"}, "invalid_binding_message"),
    "a message of two lines": ({"binding_message": "a\nb"}, "invalid_binding_message"),
    "a code of hers": ({"user_code": "1111"}, "invalid_request"),
    "a call back": ({"client_notification_token": "a token"}, "invalid_request"),
    "a signed request": ({"request": "a.b.c"}, "invalid_request"),
    "no openid": ({"scope": "email"}, "invalid_scope"),
    "another's scope": ({"scope": "openid credential"}, "invalid_scope"),
    "an unknown level": ({"acr_values": "urn:gold"}, "invalid_request"),
    "no time": ({"requested_expiry": "0"}, "invalid_request"),
    "a time that is none": ({"requested_expiry": "soon"}, "invalid_request"),
}


@pytest.mark.parametrize("name", WRONG)
async def test_nobody_is_asked_when(
    name: str, eid: Running, counter: RelyingParty, phones: asyncpg.Connection, http: httpx.AsyncClient
) -> None:
    wrong, error = WRONG[name]
    answer = await call_up(http, eid, counter, **wrong)
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert not await waiting(phones, ARTA)
    assert ARTA not in answer.text


async def test_whose_phone_cannot_be_asked_is_told_apart_so_that_the_clerk_can_say_why(
    eid: Running, counter: RelyingParty, phones: asyncpg.Connection, http: httpx.AsyncClient
) -> None:
    enrol(eid, FATMIR)
    for state in ("locked", "blocked", "expired", "suspended", "revoked"):
        await bring(phones, FATMIR, "phone", state)
        answer = await call_up(http, eid, counter, FATMIR)
        assert (answer.status_code, answer.json()["error"]) == (403, "access_denied")
        assert f"phone_{state}" in answer.json()["error_description"]
        await mend(phones, FATMIR)
    assert (await call_up(http, eid, counter, FATMIR)).status_code == 200


async def test_a_client_that_did_not_register_for_it_can_ask_nobody(
    eid: Running, portal: RelyingParty, phones: asyncpg.Connection, http: httpx.AsyncClient
) -> None:
    assert (await call_up(http, eid, portal)).json()["error"] == "unauthorized_client"
    assert (await look(http, eid, portal, "any")).json()["error"] == "unauthorized_client"
    unsigned = await http.post(f"{eid.url}/oauth2/ciba", data={"scope": "openid", "login_hint": ARTA})
    assert unsigned.status_code == 401
    assert not await waiting(phones, ARTA)


async def test_a_clerk_cannot_answer_for_her_and_another_client_cannot_look(
    eid: Running, counter: RelyingParty, phones: asyncpg.Connection, http: httpx.AsyncClient
) -> None:
    other = RelyingParty("other-counter")
    other.register(eid, **POLL)
    name = (await call_up(http, eid, counter)).json()["auth_req_id"]
    assert (await look(http, eid, other, name)).json()["error"] == "invalid_grant"
    for said in ({"state": "approved"}, {"approval": "approved"}, {"user_code": "1111"}):
        form = signed_form(eid, counter, grant_type=CIBA, auth_req_id=name, **said)
        assert "error" in (await redeem(http, eid, form)).json()
    (approval,) = await waiting(phones, ARTA)
    assert approval.state == "pending"
    assert not await waiting(phones, DRITA), "it is on the clerk's own phone"


async def test_nobodys_phone_is_made_to_ring_all_day(
    eid: Running, counter: RelyingParty, phones: asyncpg.Connection, http: httpx.AsyncClient
) -> None:
    for _ in range(8):
        name = (await call_up(http, eid, counter, EMINE)).json()["auth_req_id"]
        again = await call_up(http, eid, counter, EMINE)
        assert (again.status_code, again.json()["error"]) == (403, "access_denied"), "one at a time"
        await answered(phones, "refused", EMINE)
        await look(http, eid, counter, name)
    assert (await call_up(http, eid, counter, EMINE)).status_code == 403, "eight within ten minutes"
    await passed(phones, 600)
    assert (await call_up(http, eid, counter, EMINE)).status_code == 200


async def test_what_the_client_is_given_may_be_bound_to_its_key(
    eid: Running, phones: asyncpg.Connection, http: httpx.AsyncClient
) -> None:
    strict = RelyingParty("strict-counter")
    strict.register(eid, **POLL, profile="fapi")
    name = (await call_up(http, eid, strict)).json()["auth_req_id"]
    await answered(phones, "approved")
    assert (await look(http, eid, strict, name)).json()["error"] == "invalid_dpop_proof"
    given = await look(http, eid, strict, name, dpop=proof(eid, "POST", "/oauth2/token"))
    assert given.json()["token_type"] == "DPoP"


def test_a_client_says_how_it_learns_the_answer(eid: Running) -> None:
    for wrong in ({"backchannel_token_delivery_mode": "ping"}, {"backchannel_token_delivery_mode": None}):
        with pytest.raises(AssertionError, match="backchannel_token_delivery_mode"):
            RelyingParty("careless").register(eid, **(POLL | wrong))
