"""A session after sign-in: ended at the provider's word, and kept alive where the provider decides how long it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from eid.client import Client
from eid.errors import SignInFailed, Unreachable
from eid.logout import EVENT
from eid.person import Identity

from . import hostile as wrong
from .faults import a_client, but, moved, sign_in
from .hostile import Claims, Hostile, Raw, as_json
from .parties import now


def _ending(provider: Hostile, **changed: object) -> Claims:
    """Return the claims of a logout token in which nothing is wrong but what is changed; `...` takes one out."""
    at = int(now().timestamp())
    right = {"iss": provider.url, "aud": "portal", "iat": at, "exp": at + 120, "jti": "1", "sid": "a session"}
    return but(**changed)(right | {"events": {EVENT: {}}})


def _told(provider: Hostile, typ: object = "logout+jwt", **changed: object) -> str:
    return wrong.signed(provider, _ending(provider, **changed), typ=typ)


@pytest.mark.parametrize("typ", ["logout+jwt", "application/logout+jwt", "LOGOUT+JWT"])
async def test_a_session_ends_at_the_providers_word(typ: str, provider: Hostile, http: httpx.AsyncClient) -> None:
    logout = await a_client(provider, http).ended(_told(provider, typ, sub="opaque"), now())
    assert (logout.issuer, logout.sid, logout.subject, logout.jti) == (provider.url, "a session", "opaque", "1")
    assert logout.expires_at - logout.issued_at == timedelta(seconds=120)


WRONG: dict[str, tuple[dict[str, object], str]] = {
    "of another issuer": ({"iss": "https://elsewhere.example"}, "iss"),
    "of nobody": ({"iss": ...}, "iss"),
    "to another client": ({"aud": "another"}, "aud"),
    "to others too": ({"aud": ["portal", "another"]}, "aud"),
    "to nobody": ({"aud": ...}, "aud"),
    "of no time": ({"iat": ...}, "iat"),
    "of the future": ({"iat": 10**10}, "iat"),
    "that never expires": ({"exp": ...}, "exp"),
    "that has expired": ({"exp": 10**9}, "exp"),
    "without a name": ({"jti": ...}, "jti"),
    "with an empty name": ({"jti": ""}, "jti"),
    "with a name that no table holds": ({"jti": "a\0b"}, "jti"),
    "with an endless name": ({"jti": "a" * 300}, "jti"),
    "of no event": ({"events": ...}, "events"),
    "of another event": ({"events": {"http://schemas.openid.net/event/other": {}}}, "events"),
    "of an event that is a list": ({"events": [EVENT]}, "events"),
    "of an event that is a text": ({"events": {EVENT: "yes"}}, "events"),
    "that is an ID token": ({"nonce": "a nonce"}, "nonce"),
    "about nobody": ({"sid": ...}, "sid"),
    "about a number": ({"sid": 7}, "sid"),
    "about an empty subject": ({"sub": ""}, "sid"),
}


@pytest.mark.parametrize("name", WRONG)
async def test_a_message_ends_nothing(name: str, provider: Hostile, http: httpx.AsyncClient) -> None:
    changed, reason = WRONG[name]
    with pytest.raises(SignInFailed) as refused:
        await a_client(provider, http).ended(_told(provider, **changed), now())
    assert refused.value.code == f"logout_token_{reason}"


FORGED: dict[str, tuple[Callable[[Hostile, Claims], str], str]] = {
    "by nobody": (wrong.unsigned, "algorithm"),
    "with the public key as a secret": (wrong.signed_with_the_public_key, "algorithm"),
    "as an ID token": (lambda it, claims: wrong.signed(it, claims, typ="JWT"), "kind"),
    "without saying what it is": (wrong.signed, "kind"),
    "as a number": (lambda it, claims: wrong.signed_raw(it, claims, typ=7), "kind"),
    "under a key that nobody published": (
        lambda it, claims: wrong.signed(it, claims, typ="logout+jwt", kid="unknown"),
        "key",
    ),
    "under a key that is a list": (lambda it, claims: wrong.signed_raw(it, claims, typ="logout+jwt", kid=["a"]), "key"),
    "and then changed": (
        lambda it, claims: wrong.signed(it, claims, typ="logout+jwt")[:-6] + "AAAAAA",
        "signature",
    ),
    "as no token": (lambda _it, _claims: "", "malformed"),
}


@pytest.mark.parametrize("name", FORGED)
async def test_a_message_ends_nothing_that_is_signed(name: str, provider: Hostile, http: httpx.AsyncClient) -> None:
    forge, reason = FORGED[name]
    with pytest.raises(SignInFailed) as refused:
        await a_client(provider, http).ended(forge(provider, _ending(provider)), now())
    assert refused.value.code == f"logout_token_{reason}"


async def test_a_provider_known_to_say_less_is_believed_while_its_message_is_fresh(
    provider: Hostile, http: httpx.AsyncClient
) -> None:
    client = a_client(provider, http, may_omit=frozenset({"logout_exp", "logout_typ"}))
    logout = await client.ended(_told(provider, "JWT", exp=...), now())
    assert logout.expires_at > now()
    for typ, changed, reason in (
        ("JWT", {"exp": ..., "iat": int(now().timestamp()) - 700}, "logout_token_exp"),
        ("JWT", {"exp": 10**9}, "logout_token_exp"),
        ("dpop+jwt", {}, "logout_token_kind"),
    ):
        with pytest.raises(SignInFailed) as refused:
            await client.ended(_told(provider, typ, **changed), now())
        assert refused.value.code == reason


async def test_while_its_keys_cannot_be_fetched_it_may_try_again(provider: Hostile, http: httpx.AsyncClient) -> None:
    provider.instead["/jwks.json"] = lambda: Raw(b"", 503)
    with pytest.raises(Unreachable):
        await a_client(provider, http).ended(_told(provider), now())


def _lasting(provider: Hostile, http: httpx.AsyncClient, **more: Any) -> Client:  # noqa: ANN401 - any setting
    provider.token = but(refresh_token="first")
    return a_client(provider, http, renews=True, **more)


async def _signed_in(provider: Hostile, http: httpx.AsyncClient) -> tuple[Client, Identity]:
    client = _lasting(provider, http)
    provider.claims = but(sid="a session")
    identity = await sign_in(provider, http, client=client)
    provider.token = but(refresh_token="second")
    provider.claims = lambda claims: moved("exp", 600)(but(sid="a session", nonce=...)(claims))
    return client, identity


async def test_a_session_is_renewed_by_its_refresh_token(provider: Hostile, http: httpx.AsyncClient) -> None:
    client, identity = await _signed_in(provider, http)
    assert identity.lasts
    assert identity.lasts.refresh_token == "first"
    id_token, lasts = await client.renew(identity.lasts.refresh_token, identity.id_token, now())
    sent = provider.last("/token").form
    assert (sent["grant_type"], sent["refresh_token"]) == ("refresh_token", "first")
    assert id_token != identity.id_token
    assert lasts.refresh_token == "second"
    assert lasts.expires_at - identity.lasts.expires_at > timedelta(seconds=590)


async def test_a_session_lasts_as_long_as_we_say_where_the_provider_does_not_care(
    provider: Hostile, http: httpx.AsyncClient
) -> None:
    provider.token = but(refresh_token="unasked")
    assert (await sign_in(provider, http)).lasts is None


NOT_RENEWED: dict[str, tuple[Callable[[Claims], Claims], str]] = {
    "as another person": (but(sub="another"), "renewal_differs"),
    "as another session": (but(sid="another"), "renewal_differs"),
    "as no session": (but(sid=...), "renewal_differs"),
    "as another sign-in": (moved("auth_time", -60), "renewal_differs"),
    "for another client": (but(aud="another"), "id_token_aud"),
    "by another issuer": (but(iss="https://elsewhere.example"), "id_token_iss"),
    "with another nonce": (but(nonce="another"), "id_token_nonce"),
    "at a lower level": (but(acr="low"), "level_unmet"),
    "for the past": (moved("exp", -2000), "id_token_exp"),
    "for another access token": (but(at_hash="AAAAAAAAAAAAAAAAAAAAAA"), "id_token_at_hash"),
}


@pytest.mark.parametrize("name", NOT_RENEWED)
async def test_a_session_is_not_renewed(name: str, provider: Hostile, http: httpx.AsyncClient) -> None:
    change, reason = NOT_RENEWED[name]
    client, identity = await _signed_in(provider, http)
    right = provider.claims
    provider.claims = lambda claims: change(right(claims))
    with pytest.raises(SignInFailed) as refused:
        await client.renew("first", identity.id_token, now())
    assert refused.value.code == reason


@pytest.mark.parametrize(
    ("answer", "kind", "reason"),
    [
        (as_json({"error": "invalid_grant"}, 400), SignInFailed, "session_over"),
        (as_json({"error": "invalid_client"}, 401), SignInFailed, "client_refused"),
        (Raw(b"<h1>", 200, "text/html"), Unreachable, "eid_not_json"),
        (Raw(b"", 503), Unreachable, "eid_error"),
    ],
    ids=str,
)
async def test_an_ended_session_is_told_from_a_provider_that_is_silent(
    answer: Raw, kind: type[Exception], reason: str, provider: Hostile, http: httpx.AsyncClient
) -> None:
    client, identity = await _signed_in(provider, http)
    provider.instead["/token"] = lambda: answer
    with pytest.raises(kind) as refused:
        await client.renew("first", identity.id_token, now())
    assert getattr(refused.value, "code", None) == reason
