"""The portal's client against a provider that answers wrongly: nobody is signed in, and the reason is named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest

from eid.errors import SignInFailed

from . import hostile as wrong
from .faults import a_client, but, moved, sign_in
from .hostile import Claims, Hostile
from .parties import REDIRECT_URI, now


async def test_nothing_is_wrong_with_a_provider_that_answers_rightly(
    provider: Hostile, http: httpx.AsyncClient
) -> None:
    identity = await sign_in(provider, http)
    assert identity.person.given_name == "Arta"


WRONG_CLAIMS: dict[str, tuple[Callable[[Claims], Claims], str]] = {
    "of another issuer": (but(iss="https://elsewhere.example"), "id_token_iss"),
    "of nobody": (but(iss=...), "id_token_iss"),
    "without a subject": (but(sub=...), "id_token_sub"),
    "with an empty subject": (but(sub=""), "id_token_sub"),
    "with a subject that is no text": (but(sub=7), "id_token_sub"),
    "for another client": (but(aud="another"), "id_token_aud"),
    "for another client, issued to us": (but(aud="another", azp="portal"), "id_token_aud"),
    "for others too": (but(aud=["portal", "another"]), "id_token_aud"),
    "for nobody": (but(aud=...), "id_token_aud"),
    "issued to another": (but(azp="another"), "id_token_azp"),
    "for us and others, issued to another": (but(aud=["portal", "another"], azp="another"), "id_token_aud"),
    "that has expired": (moved("exp", -400), "id_token_exp"),
    "that never expires": (but(exp=...), "id_token_exp"),
    "that expires at a word": (but(exp="tomorrow"), "id_token_exp"),
    "that expires in no calendar": (but(exp=10**18), "id_token_exp"),
    "that expires at a truth": (but(exp=True), "id_token_exp"),
    "from the future": (moved("iat", 120), "id_token_iat"),
    "from before we asked": (moved("iat", -120), "id_token_iat"),
    "without its time": (but(iat=...), "id_token_iat"),
    "that is not yet valid": (but(nbf=10**10), "id_token_nbf"),
    "of a sign-in in the future": (moved("auth_time", 120), "id_token_auth_time"),
    "of a sign-in at no time": (but(auth_time="now"), "id_token_auth_time"),
    "with another nonce": (but(nonce="stale"), "id_token_nonce"),
    "without a nonce": (but(nonce=...), "id_token_nonce"),
    "below the level asked for": (but(acr="low"), "level_unmet"),
    "of an unknown level": (but(acr="urn:unknown"), "level_unmet"),
    "without a level": (but(acr=...), "id_token_acr"),
    "for another access token": (but(at_hash="AAAAAAAAAAAAAAAAAAAAAA"), "id_token_at_hash"),
    "not tied to the access token": (but(at_hash=...), "id_token_at_hash"),
}


@pytest.mark.parametrize("name", WRONG_CLAIMS)
async def test_a_token_is_refused(name: str, provider: Hostile, http: httpx.AsyncClient) -> None:
    provider.claims, reason = WRONG_CLAIMS[name]
    with pytest.raises(SignInFailed) as refused:
        await sign_in(provider, http)
    assert refused.value.code == reason


WRONG_SIGNATURES: dict[str, tuple[Callable[[Hostile, Claims], str], str]] = {
    "with alg none": (wrong.unsigned, "id_token_algorithm"),
    "with HS256 and the public key": (wrong.signed_with_the_public_key, "id_token_algorithm"),
    "by another key": (wrong.signed_by_another, "id_token_signature"),
    "by a key that it brings along": (wrong.bringing_its_own_key, "id_token_key"),
    "and then changed": (wrong.tampered, "id_token_signature"),
    "under a key id nobody published": (lambda it, claims: wrong.signed(it, claims, kid="unknown"), "id_token_key"),
    "as a logout token": (lambda it, claims: wrong.signed(it, claims, typ="logout+jwt"), "id_token_kind"),
    "with a critical header we do not know": (wrong.with_a_critical_header, "id_token_signature"),
    "as no token at all": (lambda _it, _claims: "not.a.token", "id_token_malformed"),
}


@pytest.mark.parametrize("name", WRONG_SIGNATURES)
async def test_a_token_is_refused_when_it_is_signed(name: str, provider: Hostile, http: httpx.AsyncClient) -> None:
    provider.sign, reason = WRONG_SIGNATURES[name]
    with pytest.raises(SignInFailed) as refused:
        await sign_in(provider, http)
    assert refused.value.code == reason


WRONG_ANSWERS: dict[str, tuple[dict[str, str | None], str]] = {
    "for another sign-in": ({"state": "another"}, "state_mismatch"),
    "for no sign-in": ({"state": None}, "state_mismatch"),
    "of another provider": ({"iss": "https://elsewhere.example"}, "iss_mismatch"),
    "of no provider": ({"iss": None}, "iss_mismatch"),
    "without a code": ({"code": None}, "code_missing"),
    "that she stopped": ({"code": None, "error": "access_denied"}, "cancelled"),
    "that the level is out of reach": ({"code": None, "error": "unmet_authentication_requirements"}, "level_unmet"),
    "that nobody is signed in": ({"code": None, "error": "login_required"}, "login_required"),
    "of any other error": ({"error": "<script>"}, "answered_error"),
}


@pytest.mark.parametrize("name", WRONG_ANSWERS)
async def test_the_browser_brings_an_answer(name: str, provider: Hostile, http: httpx.AsyncClient) -> None:
    params, reason = WRONG_ANSWERS[name]
    with pytest.raises(SignInFailed) as refused:
        await sign_in(provider, http, params=params)
    assert refused.value.code == reason
    assert "/token" not in provider.asked, "a code of unknown origin must not be redeemed"


WRONG_TOKENS: dict[str, tuple[Callable[[Claims], Claims], str]] = {
    "has no ID token": (but(id_token=...), "id_token_missing"),
    "has an empty ID token": (but(id_token=""), "id_token_missing"),
    "has no access token": (but(access_token=...), "access_token_missing"),
    "has a token of another type": (but(token_type="DPoP"), "access_token_missing"),
}


@pytest.mark.parametrize("name", WRONG_TOKENS)
async def test_the_token_answer(name: str, provider: Hostile, http: httpx.AsyncClient) -> None:
    provider.token, reason = WRONG_TOKENS[name]
    with pytest.raises(SignInFailed) as refused:
        await sign_in(provider, http)
    assert refused.value.code == reason


WRONG_USERINFO: dict[str, tuple[Callable[[Claims], Claims], str]] = {
    "speaks of another subject": (but(sub="another"), "userinfo_sub"),
    "speaks of nobody": (but(sub=...), "userinfo_sub"),
    "gives another personal number": (but(personal_number="1204583176"), "userinfo_differs"),
}


@pytest.mark.parametrize("name", WRONG_USERINFO)
async def test_userinfo(name: str, provider: Hostile, http: httpx.AsyncClient) -> None:
    provider.userinfo, reason = WRONG_USERINFO[name]
    with pytest.raises(SignInFailed) as refused:
        await sign_in(provider, http)
    assert refused.value.code == reason


def _signed_userinfo(it: Hostile, claims: Claims, **header: object) -> wrong.Raw:
    return wrong.Raw(wrong.signed(it, claims, **header).encode(), kind="application/jwt; charset=utf-8")


def _userinfo_of(it: Hostile, **changed: object) -> Claims:
    return but(**{"iss": it.url, "aud": "portal", **changed})(wrong.PERSON)


async def test_userinfo_may_be_signed(provider: Hostile, http: httpx.AsyncClient) -> None:
    provider.instead["/userinfo"] = lambda: _signed_userinfo(provider, _userinfo_of(provider, email="a@example.org"))
    assert (await sign_in(provider, http)).person.email == "a@example.org"
    provider.instead["/userinfo"] = lambda: _signed_userinfo(provider, _userinfo_of(provider, aud=["x", "portal"]))
    assert (await sign_in(provider, http)).person.given_name == "Arta"


WRONG_SIGNED_USERINFO: dict[str, tuple[Callable[[Hostile], wrong.Raw], str]] = {
    "for another client": (lambda it: _signed_userinfo(it, _userinfo_of(it, aud="another")), "userinfo_of_others"),
    "for nobody": (lambda it: _signed_userinfo(it, _userinfo_of(it, aud=...)), "userinfo_of_others"),
    "of another issuer": (lambda it: _signed_userinfo(it, _userinfo_of(it, iss="x")), "userinfo_of_others"),
    "that has expired": (lambda it: _signed_userinfo(it, _userinfo_of(it, exp=1)), "userinfo_exp"),
    "that expires at a word": (lambda it: _signed_userinfo(it, _userinfo_of(it, exp="soon")), "userinfo_exp"),
    "of another subject": (lambda it: _signed_userinfo(it, _userinfo_of(it, sub="another")), "userinfo_sub"),
    "as a logout token": (lambda it: _signed_userinfo(it, _userinfo_of(it), typ="logout+jwt"), "userinfo_kind"),
    "by an unknown key": (lambda it: _signed_userinfo(it, _userinfo_of(it), kid="unknown"), "userinfo_key"),
    "by nobody": (
        lambda it: wrong.Raw(wrong.unsigned(it, _userinfo_of(it)).encode(), kind="application/jwt"),
        "userinfo_algorithm",
    ),
    "as no token": (lambda _it: wrong.Raw("ë".encode(), kind="application/jwt"), "userinfo_malformed"),
    "endlessly": (lambda _it: wrong.Raw(b"a" * 100_000, kind="application/jwt"), "userinfo_malformed"),
}


@pytest.mark.parametrize("name", WRONG_SIGNED_USERINFO)
async def test_userinfo_is_refused_when_it_is_signed(name: str, provider: Hostile, http: httpx.AsyncClient) -> None:
    answer, reason = WRONG_SIGNED_USERINFO[name]
    provider.instead["/userinfo"] = lambda: answer(provider)
    with pytest.raises(SignInFailed) as refused:
        await sign_in(provider, http)
    assert refused.value.code == reason


@pytest.mark.parametrize("missing", ["personal_number", "given_name", "family_name", "birthdate"])
async def test_half_a_person_is_nobody(missing: str, provider: Hostile, http: httpx.AsyncClient) -> None:
    provider.claims = provider.userinfo = but(**{missing: ...})
    with pytest.raises(SignInFailed) as refused:
        await sign_in(provider, http)
    assert refused.value.code == "person_incomplete"


async def test_a_stale_sign_in_is_refused_where_a_fresh_one_was_asked_for(
    provider: Hostile, http: httpx.AsyncClient
) -> None:
    provider.claims = moved("auth_time", -3600)
    assert (await sign_in(provider, http)).person.given_name == "Arta"
    with pytest.raises(SignInFailed) as refused:
        await sign_in(provider, http, prompt="login")
    assert refused.value.code == "id_token_auth_time"


async def test_who_signed_in_too_long_ago_is_refused_where_an_age_was_given(
    provider: Hostile, http: httpx.AsyncClient
) -> None:
    provider.claims = moved("auth_time", -300)
    await sign_in(provider, http, max_age=300)
    for change in (moved("auth_time", -400), but(auth_time=...)):
        provider.claims = change
        with pytest.raises(SignInFailed) as refused:
            await sign_in(provider, http, max_age=300)
        assert refused.value.code == "id_token_auth_time"


async def test_an_answer_that_comes_an_hour_late_is_refused(provider: Hostile, http: httpx.AsyncClient) -> None:
    client = a_client(provider, http)
    attempt = await client.begin(redirect_uri=REDIRECT_URI, language="sq", now=now() - timedelta(hours=1))
    with pytest.raises(SignInFailed) as refused:
        await client.complete(attempt, {"code": "a", "state": attempt.state, "iss": provider.url}, now())
    assert refused.value.code == "attempt_expired"
