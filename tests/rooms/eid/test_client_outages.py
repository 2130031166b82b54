"""The portal's client against a provider that hangs, breaks, or changes its keys."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest

from eid.client import Client, ClientSettings
from eid.errors import SignInFailed, Unreachable

from . import hostile as wrong
from .faults import a_client, but, sign_in
from .hostile import Claims, Hostile, Raw, as_json
from .parties import REDIRECT_URI, RelyingParty, now

SILENT: dict[str, tuple[Callable[[], Raw], str]] = {
    "answers 200 with HTML": (lambda: Raw(b"<h1>Welcome</h1>", kind="text/html"), "eid_not_json"),
    "answers with a list": (lambda: as_json(["a"]), "eid_not_json"),
    "answers with a depth of brackets": (lambda: Raw(b"[" * 100_000), "eid_not_json"),
    "answers with half a megabyte": (lambda: Raw(b'{"a":"' + b"x" * 500_000 + b'"}'), "eid_too_long"),
    "fails": (lambda: Raw(b"oops", 500), "eid_error"),
    "sends us elsewhere": (lambda: Raw(b"", 302, headers={"location": "http://127.0.0.1:9/"}), "eid_error"),
    "drips": (lambda: Raw(b" " * 100, seconds_a_byte=0.2), "eid_timeout"),
}


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/jwks.json", "/token", "/userinfo"])
@pytest.mark.parametrize("name", [name for name in SILENT if name != "drips"])
async def test_a_provider_is_unreachable_that(name: str, path: str, provider: Hostile, http: httpx.AsyncClient) -> None:
    provider.instead[path], reason = SILENT[name]
    with pytest.raises(Unreachable) as refused:
        await sign_in(provider, http)
    assert refused.value.code == reason


@pytest.mark.parametrize("how", ["hangs", "drips"])
async def test_a_provider_that_does_not_finish_holds_nobody_longer_than_five_seconds(
    how: str, provider: Hostile, http: httpx.AsyncClient
) -> None:
    client = a_client(provider, http)
    attempt = await client.begin(redirect_uri=REDIRECT_URI, language="sq", now=now())
    if how == "hangs":
        provider.silent = True
    else:
        provider.instead["/token"] = SILENT["drips"][0]
    began = time.monotonic()
    with pytest.raises(Unreachable) as refused:
        await client.complete(attempt, {"code": "a", "state": attempt.state, "iss": provider.url}, now())
    assert refused.value.code == "eid_timeout"
    assert time.monotonic() - began < 6


async def test_a_provider_that_is_not_there_is_unreachable(http: httpx.AsyncClient) -> None:
    client = Client(ClientSettings("http://127.0.0.1:9", "portal", RelyingParty("portal").key), http)
    with pytest.raises(Unreachable) as refused:
        await client.begin(redirect_uri=REDIRECT_URI, language="sq", now=now())
    assert refused.value.code == "eid_down"


@pytest.mark.parametrize(
    "change",
    [but(issuer="https://elsewhere.example"), but(token_endpoint=...), but(jwks_uri="file:///etc/passwd")],
)
async def test_a_provider_that_describes_itself_wrongly_is_not_used(
    change: Callable[[Claims], Claims], provider: Hostile, http: httpx.AsyncClient
) -> None:
    provider.metadata = change
    with pytest.raises(Unreachable) as refused:
        await sign_in(provider, http)
    assert refused.value.code == "eid_metadata"


@pytest.mark.parametrize(("error", "reason"), [("invalid_grant", "code_refused"), ("invalid_client", "client_refused")])
async def test_a_refused_code_has_its_reason(
    error: str, reason: str, provider: Hostile, http: httpx.AsyncClient
) -> None:
    provider.instead["/token"] = lambda: as_json({"error": error}, 400)
    with pytest.raises(SignInFailed) as refused:
        await sign_in(provider, http)
    assert refused.value.code == reason


async def test_an_outage_of_discovery_and_keys_goes_unnoticed(provider: Hostile, http: httpx.AsyncClient) -> None:
    client = a_client(provider, http)
    await sign_in(provider, http, client=client)
    provider.instead["/jwks.json"] = provider.instead["/.well-known/openid-configuration"] = lambda: Raw(b"", 503)
    later = now() + timedelta(minutes=11)
    attempt = provider.attempt = await client.begin(redirect_uri=REDIRECT_URI, language="sq", now=later)
    provider.claims = lambda claims: claims | {name: claims[name] + 660 for name in ("iat", "exp", "auth_time")}
    identity = await client.complete(attempt, {"code": "a", "state": attempt.state, "iss": provider.url}, later)
    assert identity.person.given_name == "Arta"


async def test_a_new_key_is_fetched_and_a_flood_of_unknown_ones_is_not(
    provider: Hostile, http: httpx.AsyncClient
) -> None:
    client = a_client(provider, http)
    await sign_in(provider, http, client=client)
    assert provider.asked["/jwks.json"] == 1
    provider.sign = lambda it, claims: wrong.signed(it, claims, kid="forged")
    for _ in range(5):
        with pytest.raises(SignInFailed):
            await sign_in(provider, http, client=client)
    assert provider.asked["/jwks.json"] == 1, "asked again within ten seconds"

    provider.sign, provider.key = None, type(provider.key).generate_key("P-256", auto_kid=True)
    later = now() + timedelta(seconds=11)
    attempt = provider.attempt = await client.begin(redirect_uri=REDIRECT_URI, language="sq", now=later)
    await client.complete(attempt, {"code": "a", "state": attempt.state, "iss": provider.url}, later)
    assert provider.asked["/jwks.json"] == 2
