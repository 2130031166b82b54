"""The eID ends a session, and so it ends here: at its own signed word, and at nobody else's."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from eid.logout import EVENT
from portal.database import Database
from tests.rooms.eid import hostile as wrong
from tests.rooms.eid.hostile import Hostile, listening
from tests.rooms.eid.parties import now
from tests.rooms.portal.visitor import ARTA, BESNIK, Visitor, forms

Log = Callable[[httpx.Response], Awaitable[dict[str, Any]]]
Portal = Callable[..., Awaitable[httpx.AsyncClient]]
WEBHOOK = "/webhooks/eid-logout"


async def _is_signed_in(visitor: Visitor) -> bool:
    return (await visitor.get("/sq/applications")).status_code == 200


async def _soon_out(visitor: Visitor) -> bool:
    """Tell whether she is signed out before ten seconds are over."""
    for _ in range(100):
        if not await _is_signed_in(visitor):
            return True
        await asyncio.sleep(0.1)
    return False


async def test_who_signs_out_at_the_eid_is_signed_out_here(
    visitor: Visitor, new_visitor: Callable[[], Visitor]
) -> None:
    other = new_visitor()
    for each in (visitor, other):
        await each.signs_in(ARTA)
    asks = await visitor.get(f"{visitor.eid}/oauth2/sessions/logout?ui_locales=en")
    out = next(each.action for each in forms(asks) if "sign-out" in each.action)
    await visitor.send(asks, out.partition("?")[0])
    assert await _soon_out(visitor)
    assert await _is_signed_in(other), "the session of her other browser goes on"


@pytest.fixture
async def told(memory: Database, new_portal: Portal) -> Any:  # noqa: ANN401 - both together
    """Give a portal, and the provider whose word counts there."""
    with listening(Hostile()) as provider:
        portal = await new_portal(PORTAL_EID_ISSUER=provider.url)
        yield portal, provider
        # The next provider may listen where this one did: what is kept by its address ends with it.
        async with memory.transaction() as connection:
            await connection.execute("DELETE FROM session WHERE issuer = $1", provider.url)


def _message(provider: Hostile, **changed: object) -> str:
    at = int(now().timestamp())
    claims: dict[str, Any] = {
        "iss": provider.url,
        "aud": "portal",
        "iat": at,
        "exp": at + 120,
        "jti": str(at),
        "events": {EVENT: {}},
    }
    return wrong.signed(provider, claims | changed, typ="logout+jwt")


async def _session(memory: Database, provider: Hostile, token: bytes, *, sid: str, subject: str, age: int = 60) -> None:
    """Keep a session that this provider opened `age` seconds ago."""
    kept, at = provider.url.encode() + token, now()
    async with memory.transaction() as connection:
        person_id = await connection.fetchval(
            "INSERT INTO person (id, personal_number, given_name, family_name, birthdate, language, created_at)"
            " VALUES (gen_random_uuid(), $1, 'Agron', 'Test', '1990-01-01', 'sq', now())"
            " ON CONFLICT (personal_number) DO UPDATE SET language = 'sq' RETURNING id",
            "1000000005",
        )
        await connection.execute(
            "INSERT INTO session (token_hash, person_id, acr, issuer, subject, sid, id_token, auth_time, created_at,"
            " seen_at) VALUES ($1, $2, 'substantial', $3, $4, $5, '', $6, $7, $6)",
            *(kept, person_id, provider.url, subject, sid, at, at - timedelta(seconds=age)),
        )


async def _left(memory: Database, provider: Hostile) -> set[bytes]:
    async with memory.connect() as connection:
        rows = await connection.fetch("SELECT token_hash FROM session WHERE issuer = $1", provider.url)
    return {row["token_hash"].removeprefix(provider.url.encode()) for row in rows}


async def test_a_message_ends_the_session_that_it_names_once(memory: Database, told: Any) -> None:  # noqa: ANN401
    portal, provider = told
    for token, sid in ((b"1", "one"), (b"2", "two")):
        await _session(memory, provider, token, sid=sid, subject="opaque")
    message = {"logout_token": _message(provider, sid="one")}
    answer = await portal.post(WEBHOOK, data=message)
    assert (answer.status_code, answer.headers["cache-control"], answer.content) == (200, "no-store", b"")
    assert await _left(memory, provider) == {b"2"}
    # Delivered once more because our answer was lost on the way: it is an answer as good as the first.
    assert (await portal.post(WEBHOOK, data=message)).status_code == 200
    unknown = {"logout_token": _message(provider, sid="unknown", jti="another")}
    assert (await portal.post(WEBHOOK, data=unknown)).status_code == 200
    assert await _left(memory, provider) == {b"2"}


async def test_a_message_about_a_person_ends_what_began_before_it_and_an_old_one_nothing_since(
    memory: Database,
    told: Any,  # noqa: ANN401
) -> None:
    portal, provider = told
    for token, subject in ((b"3", "she"), (b"4", "she"), (b"5", "he")):
        await _session(memory, provider, token, sid=str(token), subject=subject)
    message = {"logout_token": _message(provider, sub="she")}
    assert (await portal.post(WEBHOOK, data=message)).status_code == 200
    assert await _left(memory, provider) == {b"5"}
    await _session(memory, provider, b"6", sid="6", subject="she")
    assert (await portal.post(WEBHOOK, data=message)).status_code == 200
    await _session(memory, provider, b"7", sid="7", subject="she", age=-120)
    late = {"logout_token": _message(provider, sub="she", jti="another")}
    assert (await portal.post(WEBHOOK, data=late)).status_code == 200
    assert await _left(memory, provider) == {b"5", b"7"}, "what she began since goes on"


@pytest.mark.parametrize("how", ["forged", "for another", "twice", "none", "as JSON", "broken"])
async def test_nobody_else_ends_a_session(memory: Database, told: Any, how: str) -> None:  # noqa: ANN401
    portal, provider = told
    await _session(memory, provider, b"8", sid="eight", subject="opaque")
    right = _message(provider, sid="eight")
    key = ECKey.generate_key("P-256", auto_kid=True)
    forged = jwt.encode({"alg": "ES256", "kid": provider.key.kid, "typ": "logout+jwt"}, wrong.read(right)[1], key)
    sent: dict[str, Any] = {
        "forged": {"data": {"logout_token": forged}},
        "for another": {"data": {"logout_token": _message(provider, sid="eight", aud="another")}},
        "twice": {"data": {"logout_token": [right, right]}},
        "none": {"data": {"token": right}},
        "as JSON": {"content": json.dumps({"logout_token": right}), "headers": {"content-type": "application/json"}},
        "broken": {"content": b"\xff\xfe=%", "headers": {"content-type": "application/x-www-form-urlencoded"}},
    }[how]
    answer = await portal.post(WEBHOOK, **sent)
    assert answer.status_code == 400
    assert answer.headers["cache-control"] == "no-store"
    assert await _left(memory, provider) == {b"8"}
    assert (await portal.get(WEBHOOK)).status_code in {404, 405}


async def test_while_the_eids_keys_are_out_of_reach_it_is_asked_to_come_again(
    memory: Database,
    told: Any,  # noqa: ANN401
) -> None:
    portal, provider = told
    await _session(memory, provider, b"9", sid="nine", subject="opaque")
    message = {"logout_token": _message(provider, sid="nine")}
    provider.instead["/jwks.json"] = lambda: wrong.Raw(b"", 503)
    assert (await portal.post(WEBHOOK, data=message)).status_code == 503
    assert await _left(memory, provider) == {b"9"}


async def test_a_message_ends_nobody_elses_session(visitor: Visitor, memory: Database, told: Any) -> None:  # noqa: ANN401
    """Another issuer may use the same names."""
    portal, provider = told
    await visitor.signs_in(BESNIK)
    async with memory.connect() as connection:
        sid = await connection.fetchval("SELECT sid FROM session ORDER BY created_at DESC LIMIT 1")
    assert (await portal.post(WEBHOOK, data={"logout_token": _message(provider, sid=sid)})).status_code == 200
    assert await _is_signed_in(visitor)
