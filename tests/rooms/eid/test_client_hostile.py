"""The portal's client against a provider that answers wrongly: nobody is signed in, and the reason is named."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal

import httpx
import pytest

from eid.client import Attempt, Client, ClientSettings
from eid.errors import SignInFailed, Unreachable
from eid.person import Identity

from . import hostile as wrong
from .hostile import PERSON, Claims, Hostile, Raw, as_json, listening
from .parties import REDIRECT_URI, RelyingParty, now

PORTAL = RelyingParty("portal")


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    """Give connections of the test's own."""
    async with httpx.AsyncClient(trust_env=False) as connections:
        yield connections


@pytest.fixture
async def provider() -> AsyncIterator[Hostile]:
    """Give a provider that answers rightly, until a test changes it."""
    with listening(Hostile()) as hostile:
        yield hostile


async def sign_in(
    provider: Hostile,
    http: httpx.AsyncClient,
    *,
    prompt: Literal["login"] | None = None,
    client: Client | None = None,
    params: Mapping[str, str | None] | None = None,
) -> Identity:
    """Sign in through a provider; `params` are put in place of what the browser would bring back."""
    client = client or a_client(provider, http)
    attempt = await client.begin(redirect_uri=REDIRECT_URI, language="sq", acr="substantial", prompt=prompt, now=now())
    provider.attempt = attempt
    brought = {"code": "a code", "state": attempt.state, "iss": provider.url} | dict(params or {})
    return await client.complete(attempt, {name: value for name, value in brought.items() if value is not None}, now())


def a_client(provider: Hostile, http: httpx.AsyncClient, **settings: Any) -> Client:  # noqa: ANN401 - any setting
    """Return the portal's client of a provider."""
    return Client(ClientSettings(provider.url, "portal", PORTAL.key, **settings), http)


async def test_nothing_is_wrong_with_a_provider_that_answers_rightly(
    provider: Hostile, http: httpx.AsyncClient
) -> None:
    identity = await sign_in(provider, http)
    assert identity.person.given_name == "Arta"


def but(**changed: object) -> Callable[[Claims], Claims]:
    """Return a change: these values in place of the right ones; `...` takes one out."""
    return lambda claims: {name: value for name, value in (claims | changed).items() if value is not ...}


def moved(name: str, seconds: int) -> Callable[[Claims], Claims]:
    """Return a change that moves a time."""
    return lambda claims: claims | {name: claims[name] + seconds}


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


async def test_an_answer_that_comes_an_hour_late_is_refused(provider: Hostile, http: httpx.AsyncClient) -> None:
    client = a_client(provider, http)
    attempt = await client.begin(redirect_uri=REDIRECT_URI, language="sq", now=now() - timedelta(hours=1))
    with pytest.raises(SignInFailed) as refused:
        await client.complete(attempt, {"code": "a", "state": attempt.state, "iss": provider.url}, now())
    assert refused.value.code == "attempt_expired"


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
    client = Client(ClientSettings("http://127.0.0.1:9", "portal", PORTAL.key), http)
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


async def test_a_provider_of_another_dialect_is_a_matter_of_settings(
    provider: Hostile, http: httpx.AsyncClient
) -> None:
    place = "vp.verifiableCredential[0].credentialSubject."
    subject = {
        "personalIdentifier": "1176042318",
        "firstName": "Arta",
        "lastName": "Krasniqi",
        "dateOfBirth": "1990-05-01",
    }

    def in_dialect(claims: Claims) -> Claims:
        kept = {name: value for name, value in claims.items() if name not in PERSON or name == "sub"}
        kept = {name: value for name, value in kept.items() if name not in {"acr", "at_hash", "auth_time"}}
        return kept | {"sub": "did:example:1", "vp": {"verifiableCredential": [{"credentialSubject": subject}]}}

    provider.claims = in_dialect
    provider.metadata = but(userinfo_endpoint=..., authorization_response_iss_parameter_supported=...)
    client = a_client(
        provider,
        http,
        claims={
            "personal_number": f"{place}personalIdentifier",
            "given_name": f"{place}firstName",
            "family_name": f"{place}lastName",
            "birthdate": f"{place}dateOfBirth",
        },
        may_omit=frozenset({"iss_parameter", "acr", "at_hash", "userinfo"}),
        assumed_acr="substantial",
        acr={},
    )
    identity = await sign_in(provider, http, client=client, params={"iss": None})
    assert identity.subject == "did:example:1"
    assert (identity.person.personal_number, identity.acr) == ("1176042318", "substantial")


async def test_what_a_lenient_provider_may_omit_must_still_be_right_when_it_is_there(
    provider: Hostile, http: httpx.AsyncClient
) -> None:
    lenient = frozenset({"iss_parameter", "acr", "at_hash", "userinfo"})
    client = a_client(provider, http, may_omit=lenient, assumed_acr="substantial")
    provider.claims = but(at_hash="AAAAAAAAAAAAAAAAAAAAAA")
    with pytest.raises(SignInFailed) as refused:
        await sign_in(provider, http, client=client)
    assert refused.value.code == "id_token_at_hash"
    provider.claims = but(iss=...)
    with pytest.raises(SignInFailed) as refused:
        await sign_in(provider, http, client=client)
    assert refused.value.code == "id_token_iss"


async def test_an_attempt_survives_being_kept(provider: Hostile, http: httpx.AsyncClient) -> None:
    attempt = await a_client(provider, http).begin(redirect_uri=REDIRECT_URI, language="sr", now=now())
    assert Attempt.from_json(attempt.as_json()) == attempt
    assert replace(attempt, nonce="other") != attempt
