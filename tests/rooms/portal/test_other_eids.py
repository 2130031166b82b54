"""Another eID is a matter of settings: the same pages, the same people, another address and secret."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from portal.database import Database
from portal.demo.plan import Plan
from portal.registration import registration
from tests.rooms.eid.estonian import SECRET, as_govsso, as_tara, logout_token
from tests.rooms.eid.hostile import Hostile, as_json, listening
from tests.rooms.portal.visitor import ARTA, Visitor

Portal = Callable[..., Awaitable[httpx.AsyncClient]]
ADDRESS = "/sq/applications"


async def test_people_sign_in_by_vidconnect(new_portal: Portal, visitor: Visitor, town: Plan) -> None:
    known = registration(town.address("portal"), "ks", town.keys.private_key("PORTAL_EID_CLIENT_KEY"))
    kept = {name: known[name] for name in ("client_id", "client_name", "redirect_uris", "post_logout_redirect_uris")}
    secret = "what-the-operator-of-the-eID-gave-the-portal"
    how = {"profile": "ks", "token_endpoint_auth_method": "client_secret_post", "client_secret": secret}
    file = town.directory / "ks.json"
    file.write_text(json.dumps(kept | how | {"id_token_signed_response_alg": "RS256"}))
    command = town.command("eid", "client", "add", "--file", str(file))
    await asyncio.to_thread(subprocess.run, command, env=town.environment("eid"), check=True, capture_output=True)
    portal = await new_portal(
        PORTAL_EID_PRESET="ks-vidconnect",
        PORTAL_EID_ISSUER=f"{visitor.eid}/ks/",
        PORTAL_EID_CLIENT_ID="ks",
        PORTAL_EID_CLIENT_SECRET=secret,
    )
    begun = await portal.get("/sq/sign-in?next=/data")
    at_the_eid = await visitor.follow(await visitor.get(begun.headers["location"]))
    back = (await visitor.identifies(at_the_eid)).headers["location"]
    arrived = await portal.get(back)
    assert (arrived.status_code, arrived.headers["location"]) == (303, "/sq/data")
    page = await portal.get(ADDRESS)
    assert "Arta Krasniqi" in page.text
    assert f"{visitor.eid}/my" not in page.text, "of this eID we know no page of one's own"


@pytest.fixture
def provider() -> Iterator[Hostile]:
    """Give a provider that answers rightly, in a dialect of its own."""
    with listening(Hostile()) as hostile:
        yield hostile


async def _sign_in(portal: httpx.AsyncClient, provider: Hostile) -> httpx.Response:
    """Sign in at a provider that asks nothing, and return the portal's answer."""
    begun = await portal.get("/sq/sign-in")
    asked = parse_qs(urlsplit(begun.headers["location"]).query)
    right = provider.claims
    provider.claims = lambda claims: right(claims | {"nonce": asked["nonce"][0]})
    answer = await portal.get(f"/sq/sign-in/return?code=a&state={asked['state'][0]}")
    provider.claims = right
    return answer


def _told(preset: str, issuer: str) -> dict[str, str]:
    return {
        "PORTAL_EID_PRESET": preset,
        "PORTAL_EID_ISSUER": issuer,
        "PORTAL_EID_CLIENT_SECRET": SECRET,
        "PORTAL_EID_COUNTRY": "EE",
    }


async def test_people_sign_in_by_tara(new_portal: Portal, provider: Hostile) -> None:
    portal = await new_portal(**_told("tara", as_tara(provider).url))
    assert (await _sign_in(portal, provider)).status_code == 303
    assert "Arta Krasniqi" in (await portal.get(ADDRESS)).text


async def _let_half_its_life_pass(memory: Database, issuer: str) -> None:
    async with memory.transaction() as connection:
        await connection.execute(
            "UPDATE session SET renew_at = renew_at - $2::interval WHERE issuer = $1", issuer, timedelta(minutes=10)
        )


async def test_a_session_of_govsso_is_kept_alive_while_she_does_something(
    new_portal: Portal, provider: Hostile, memory: Database
) -> None:
    portal = await new_portal(**_told("govsso", f"{as_govsso(provider).url}/"))
    await _sign_in(portal, provider)
    assert (await portal.get(ADDRESS)).status_code == 200
    assert provider.asked["/token"] == 1, "it is fresh yet"
    await _let_half_its_life_pass(memory, f"{provider.url}/")
    pages = await asyncio.gather(*(portal.get(ADDRESS) for _ in range(4)))
    assert [page.status_code for page in pages] == [200] * 4
    assert provider.asked["/token"] == 2, "several pages at once renew it once: a refresh token counts once"
    assert provider.last("/token").form["grant_type"] == "refresh_token"


async def test_while_govsso_is_silent_she_stays_signed_in_and_when_it_says_no_she_is_out(
    new_portal: Portal, provider: Hostile, memory: Database
) -> None:
    portal = await new_portal(**_told("govsso", f"{as_govsso(provider).url}/"))
    await _sign_in(portal, provider)
    await _let_half_its_life_pass(memory, f"{provider.url}/")
    provider.instead["/token"] = lambda: as_json({}, 503)
    assert (await portal.get(ADDRESS)).status_code == 200
    await _let_half_its_life_pass(memory, f"{provider.url}/")
    provider.instead["/token"] = lambda: as_json({"error": "invalid_grant"}, 400)
    out = await portal.get(ADDRESS)
    assert (out.status_code, out.headers["location"]) == (303, "/sq/sign-in?next=/applications")


async def test_a_session_of_govsso_ends_when_its_id_token_does(
    new_portal: Portal, provider: Hostile, memory: Database
) -> None:
    portal = await new_portal(**_told("govsso", f"{as_govsso(provider).url}/"))
    await _sign_in(portal, provider)
    async with memory.transaction() as connection:
        await connection.execute("UPDATE session SET expires_at = now() WHERE issuer = $1", f"{provider.url}/")
    assert (await portal.get(ADDRESS)).status_code == 303


async def test_govsso_ends_a_session_from_its_end(new_portal: Portal, provider: Hostile) -> None:
    portal = await new_portal(**_told("govsso", f"{as_govsso(provider).url}/"))
    await _sign_in(portal, provider)
    told = await portal.post("/webhooks/eid-logout", data={"logout_token": logout_token(provider)})
    assert told.status_code == 200
    assert (await portal.get(ADDRESS)).status_code == 303
    assert ARTA not in told.text
