"""What a client may learn of a token that it was given, and how it gives one back (RFC 7662, RFC 7009)."""

from __future__ import annotations

import httpx
import pytest

from .calls import signed_form, tokens
from .parties import Browser, RelyingParty, Running


async def asked_of(
    http: httpx.AsyncClient, eid: Running, party: RelyingParty, token: str, what: str = "introspect"
) -> httpx.Response:
    """Introspect or revoke a token as a client."""
    return await http.post(f"{eid.url}/oauth2/{what}", data=signed_form(eid, party, token=token))


async def who(http: httpx.AsyncClient, eid: Running, access_token: str) -> httpx.Response:
    return await http.get(f"{eid.url}/userinfo", headers={"Authorization": f"Bearer {access_token}"})


async def test_a_client_learns_what_its_token_stands_for(
    eid: Running, portal: RelyingParty, browser: Browser, http: httpx.AsyncClient
) -> None:
    token = (await tokens(http, eid, portal, browser))["access_token"]
    answer = await asked_of(http, eid, portal, token)
    told = answer.json()
    assert answer.headers["cache-control"] == "no-store"
    assert (told["active"], told["client_id"], told["iss"]) == (True, "portal", eid.url)
    assert (told["scope"], told["token_type"], told["exp"] - told["iat"]) == ("openid email", "Bearer", 600)
    assert told["sub"] == (await who(http, eid, token)).json()["sub"]
    assert not {"personal_number", "given_name"} & set(told)


async def test_a_token_that_was_given_back_is_good_for_nothing(
    eid: Running, portal: RelyingParty, browser: Browser, http: httpx.AsyncClient
) -> None:
    token = (await tokens(http, eid, portal, browser))["access_token"]
    assert (await asked_of(http, eid, portal, token, "revoke")).status_code == 200
    assert (await who(http, eid, token)).status_code == 401
    assert (await asked_of(http, eid, portal, token)).json() == {"active": False}
    assert (await asked_of(http, eid, portal, token, "revoke")).status_code == 200


async def test_another_client_learns_nothing_of_a_token_and_cannot_take_it_back(
    eid: Running, portal: RelyingParty, browser: Browser, http: httpx.AsyncClient
) -> None:
    token = (await tokens(http, eid, portal, browser))["access_token"]
    other = RelyingParty("curious")
    other.register(eid)
    assert (await asked_of(http, eid, other, token)).json() == {"active": False}
    assert (await asked_of(http, eid, other, token, "revoke")).json()["error"] == "invalid_grant"
    assert (await who(http, eid, token)).status_code == 200


@pytest.mark.parametrize("what", ["introspect", "revoke"])
async def test_nobody_is_told_anything_who_does_not_say_who_it_is(
    what: str, eid: Running, portal: RelyingParty, browser: Browser, http: httpx.AsyncClient
) -> None:
    token = (await tokens(http, eid, portal, browser))["access_token"]
    answer = await http.post(f"{eid.url}/oauth2/{what}", data={"token": token, "client_id": "portal"})
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    without = await http.post(f"{eid.url}/oauth2/{what}", data=signed_form(eid, portal))
    assert (without.status_code, without.json()["error"]) == (400, "invalid_request")
    assert (await who(http, eid, token)).status_code == 200


async def test_both_addresses_of_discovery_say_the_same(eid: Running, http: httpx.AsyncClient) -> None:
    said = [
        (await http.get(f"{eid.url}/.well-known/{name}")).json()
        for name in ("openid-configuration", "oauth-authorization-server")
    ]
    assert said[0] == said[1]
    for endpoint in ("token", "revocation", "introspection"):
        assert said[0][f"{endpoint}_endpoint"].startswith(f"{eid.url}/oauth2/")
        assert "none" not in said[0][f"{endpoint}_endpoint_auth_methods_supported"]
