"""What may be asked of the eID, and where the answer goes."""

from __future__ import annotations

from collections.abc import Callable

import asyncpg
import httpx
import pytest

from .parties import (
    ARTA,
    BESNIK,
    DRITA,
    PINS,
    REDIRECT_URI,
    Browser,
    RelyingParty,
    Running,
    ask,
    token_form,
)


async def test_it_says_what_it_supports_and_nothing_else(eid: Running, http: httpx.AsyncClient) -> None:
    said = (await http.get(f"{eid.url}/.well-known/openid-configuration")).json()
    assert said["issuer"] == eid.url
    assert said["response_types_supported"] == ["code"]
    assert said["code_challenge_methods_supported"] == ["S256"]
    methods = ["private_key_jwt", "client_secret_basic", "client_secret_post"]
    assert said["token_endpoint_auth_methods_supported"] == methods
    assert said["token_endpoint_auth_signing_alg_values_supported"] == ["ES256", "PS256"]
    assert said["id_token_signing_alg_values_supported"] == ["ES256", "RS256", "PS256"]
    assert said["authorization_response_iss_parameter_supported"] is True
    for name in ("authorization", "token", "userinfo", "end_session"):
        assert said[f"{name}_endpoint"].startswith(eid.url)
    keys = (await http.get(said["jwks_uri"])).json()["keys"]
    assert len(keys) >= 2
    assert {(key["kty"], key.get("alg")) for key in keys} <= {("EC", "ES256"), ("RSA", None)}, (
        "RSA is for RS256 and PS256"
    )
    assert all("d" not in key for key in keys)
    assert said["backchannel_authentication_endpoint"].startswith(eid.url)
    assert said["backchannel_token_delivery_modes_supported"] == ["poll"]
    assert said["backchannel_logout_supported"] is said["backchannel_logout_session_supported"] is True
    assert said["grant_types_supported"] == [
        "authorization_code",
        "refresh_token",
        "urn:openid:params:grant-type:ciba",
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"client_id": "unknown"},
        {"client_id": None},
        {"redirect_uri": None},
        {"redirect_uri": f"{REDIRECT_URI}/"},
        {"redirect_uri": f"{REDIRECT_URI}?next=/"},
        {"redirect_uri": REDIRECT_URI.upper()},
        {"redirect_uri": "https://elsewhere.example/"},
    ],
    ids=str,
)
async def test_an_unknown_client_or_address_is_answered_on_a_page_and_never_by_redirect(
    wrong: dict[str, str | None], eid: Running, portal: RelyingParty, http: httpx.AsyncClient
) -> None:
    answer = await http.get(ask(eid, portal, **wrong).url)
    assert answer.status_code == 400
    assert "location" not in answer.headers
    assert "Tell the service" in answer.text


async def test_a_client_id_sent_twice_is_answered_on_a_page(
    eid: Running, portal: RelyingParty, http: httpx.AsyncClient
) -> None:
    answer = await http.get(f"{ask(eid, portal).url}&client_id=portal")
    assert answer.status_code == 400
    assert "location" not in answer.headers


REJECTED: list[tuple[dict[str, str | None], str]] = [
    ({"response_type": None}, "invalid_request"),
    ({"response_type": "token"}, "unsupported_response_type"),
    ({"response_type": "code id_token"}, "unsupported_response_type"),
    ({"response_mode": "fragment"}, "invalid_request"),
    ({"scope": "profile"}, "invalid_scope"),
    ({"scope": None}, "invalid_scope"),
    ({"code_challenge": None}, "invalid_request"),
    ({"code_challenge": "short"}, "invalid_request"),
    ({"code_challenge_method": "plain"}, "invalid_request"),
    ({"code_challenge_method": None}, "invalid_request"),
    ({"prompt": "none login"}, "invalid_request"),
    ({"prompt": "create"}, "invalid_request"),
    ({"max_age": "-1"}, "invalid_request"),
    ({"max_age": "99999999999999999999"}, "invalid_request"),
    ({"request": "a.b.c"}, "request_not_supported"),
    ({"request_uri": "https://elsewhere.example/"}, "request_uri_not_supported"),
    ({"registration": "{}"}, "registration_not_supported"),
    ({"id_token_hint": "a.b.c"}, "invalid_request"),
    ({"acr_values": "urn:unknown"}, "unmet_authentication_requirements"),
    ({"prompt": "none"}, "login_required"),
]


@pytest.mark.parametrize(("wrong", "error"), REJECTED, ids=str)
async def test_a_wrong_request_is_answered_to_the_client(
    wrong: dict[str, str | None], error: str, eid: Running, portal: RelyingParty, browser: Browser
) -> None:
    asked = ask(eid, portal, **wrong)
    await browser.go(asked.url)
    answer = browser.answer()
    assert (answer["error"], answer["state"], answer["iss"]) == (error, asked.state, eid.url)
    assert browser.page.headers["cache-control"] == "no-store"
    assert "code" not in answer


@pytest.mark.parametrize("name", ["state", "nonce", "scope", "prompt", "unheard_of"])
async def test_nothing_may_be_said_twice(name: str, eid: Running, portal: RelyingParty, browser: Browser) -> None:
    await browser.go(f"{ask(eid, portal).url}&{name}=login&{name}=login")
    answer = browser.answer()
    assert answer["error"] == "invalid_request"
    assert name != "state" or "state" not in answer


@pytest.mark.parametrize(
    "query", ["%ff%fe", "state=%00", "&".join(f"a{n}=1" for n in range(100)), "state=" + "x" * 9000]
)
async def test_what_cannot_be_read_is_answered_on_a_page(query: str, eid: Running, http: httpx.AsyncClient) -> None:
    answer = await http.get(f"{eid.url}/oauth2/auth?client_id=portal&{query}")
    assert answer.status_code == 400


async def test_a_request_may_also_be_posted(eid: Running, portal: RelyingParty, http: httpx.AsyncClient) -> None:
    query = dict(httpx.URL(ask(eid, portal).url).params)
    answer = await http.post(f"{eid.url}/oauth2/auth", data=query)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in/")


async def test_an_answer_names_the_provider_and_a_level_at_or_above_the_one_asked_for(
    eid: Running, portal: RelyingParty, browser: Browser, http: httpx.AsyncClient
) -> None:
    asked = ask(eid, portal, acr_values="low")
    answer = await browser.sign_in(asked.url, ARTA)
    assert set(answer) == {"code", "state", "iss"}
    tokens = await http.post(f"{eid.url}/oauth2/token", data=token_form(eid, portal, answer["code"], asked.verifier))
    told = await http.get(f"{eid.url}/userinfo", headers={"Authorization": f"Bearer {tokens.json()['access_token']}"})
    assert told.json()["personal_number"] == ARTA


async def test_whoever_is_signed_in_is_not_asked_again(eid: Running, portal: RelyingParty, browser: Browser) -> None:
    await browser.sign_in(ask(eid, portal).url, ARTA)
    for wish in ({}, {"prompt": "none"}, {"max_age": "3600"}, {"login_hint": ARTA}, {"login_hint": "unknown"}):
        await browser.go(ask(eid, portal, **wish).url)
        assert "code" in browser.answer(), wish


@pytest.mark.parametrize(
    "wish", [{"prompt": "login"}, {"prompt": "select_account"}, {"prompt": "consent"}, {"max_age": "0"}], ids=str
)
async def test_who_must_be_fresh_is_asked_again(
    wish: dict[str, str], eid: Running, portal: RelyingParty, browser: Browser
) -> None:
    await browser.sign_in(ask(eid, portal).url, ARTA)
    await browser.go(ask(eid, portal, **wish).url)
    assert "Who are you?" in browser.text


async def test_another_person_is_asked_for_by_a_hint_that_is_never_shown_nor_kept(
    eid: Running, portal: RelyingParty, browser: Browser
) -> None:
    await browser.sign_in(ask(eid, portal).url, ARTA)
    await browser.go(ask(eid, portal, login_hint=BESNIK).url)
    assert "Who are you?" in browser.text
    assert BESNIK not in browser.page.text
    connection = await asyncpg.connect(eid.environment["EID_DATABASE_URL"])
    try:
        kept = await connection.fetchval("SELECT string_agg(request, ' ') FROM eid.interaction")
    finally:
        await connection.close()
    assert kept
    assert BESNIK not in kept
    await browser.go(ask(eid, portal, login_hint=BESNIK, prompt="none").url)
    assert browser.answer()["error"] == "login_required"


async def test_a_hint_of_a_token_brings_the_same_person_or_nobody(
    eid: Running, portal: RelyingParty, browser: Browser, http: httpx.AsyncClient
) -> None:
    asked = ask(eid, portal)
    answer = await browser.sign_in(asked.url, ARTA)
    tokens = await http.post(f"{eid.url}/oauth2/token", data=token_form(eid, portal, answer["code"], asked.verifier))
    hint = tokens.json()["id_token"]
    await browser.go(ask(eid, portal, id_token_hint=hint, prompt="none").url)
    assert "code" in browser.answer()
    stepped = await browser.sign_in(ask(eid, portal, id_token_hint=hint, prompt="login").url, DRITA)
    assert stepped["error"] == "login_required"


async def test_a_service_learns_nothing_before_the_person_has_seen_its_name(
    eid: Running, portal: RelyingParty, browser: Browser
) -> None:
    other = RelyingParty("library")
    other.register(eid, **{"client_name": "Library", "client_name#sq": "Biblioteka", "client_name#sr": "Biblioteka"})
    await browser.sign_in(ask(eid, portal).url, ARTA)
    await browser.go(ask(eid, other, prompt="none").url)
    assert browser.answer()["error"] == "consent_required"
    await browser.go(ask(eid, other).url)
    assert "Library asks who you are." in browser.text
    await browser.sign_in(ask(eid, other).url, ARTA, PINS[ARTA])
    await browser.go(ask(eid, other, prompt="none").url)
    assert "code" in browser.answer()


async def test_nobody_is_known_by_the_same_name_at_two_hosts(
    eid: Running, portal: RelyingParty, http: httpx.AsyncClient, new_browser: Callable[[], Browser]
) -> None:
    far = RelyingParty("far")
    far.register(eid, redirect_uris=["http://127.0.0.1:10/back"])
    subjects: list[str] = []
    for party, uri in ((portal, REDIRECT_URI), (far, "http://127.0.0.1:10/back")):
        asked, browser = ask(eid, party, redirect_uri=uri), new_browser()
        await browser.go(asked.url)
        await browser.send("", personal_number=ARTA, person="another")
        await browser.send("/pin", pin=PINS[ARTA])
        code = httpx.URL(browser.page.headers["location"]).params["code"]
        form = token_form(eid, party, code, asked.verifier, redirect_uri=uri)
        access = (await http.post(f"{eid.url}/oauth2/token", data=form)).json()["access_token"]
        told = await http.get(f"{eid.url}/userinfo", headers={"Authorization": f"Bearer {access}"})
        subjects.append(told.json()["sub"])
    assert len(set(subjects)) == 2
    assert not any(ARTA in subject for subject in subjects)
