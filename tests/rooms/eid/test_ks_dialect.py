"""Kosovo's dialect: a client written for VIDconnect signs people in here with nothing but another address."""

from __future__ import annotations

import base64
import secrets
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from .fault import goes_right, goes_wrong
from .parties import ARTA, REDIRECT_URI, SIGNED_OUT, Browser, RelyingParty, Running, ask, assertion, redeem, token_form

SECRET = "what-the-operator-of-the-eID-gave-the-client"
VIDCONNECT = {
    "profile": "ks",
    "token_endpoint_auth_method": "client_secret_post",
    "id_token_signed_response_alg": "RS256",
    "client_secret": SECRET,
    "jwks": None,
}


@pytest.fixture(scope="session")
def municipality(eid: Running) -> RelyingParty:
    """Give a municipality's site that was written for VIDconnect."""
    party = RelyingParty("municipality")
    party.register(eid, **VIDCONNECT)
    return party


def asked_at(eid: Running, client_id: str = "municipality", **more: str) -> str:
    """Return where such a client sends the browser: no PKCE, no level."""
    sent = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": REDIRECT_URI,
        "scope": "openid VerifiableCredential",
        "state": "the state",
        "nonce": "the nonce",
        "ui_locales": "en",
    }
    return f"{eid.url}/ks/oauth2/auth?{urlencode(sent | more)}"


async def redeemed(http: httpx.AsyncClient, eid: Running, code: str, **changed: str) -> httpx.Response:
    """Bring a code as such a client does: everything in the body."""
    sent = {
        "code": code,
        "client_id": "municipality",
        "client_secret": SECRET,
        "redirect_uri": REDIRECT_URI,
        "grant_type": "authorization_code",
    }
    return await http.post(f"{eid.url}/ks/oauth2/token", data=sent | changed)


async def read(http: httpx.AsyncClient, eid: Running, token: str) -> dict[str, Any]:
    """Return the claims of an ID token that a published RSA key signed."""
    keys = KeySet.import_key_set((await http.get(f"{eid.url}/ks/.well-known/jwks.json")).json())
    return jwt.decode(token, keys, ["RS256"]).claims


async def test_it_says_what_it_is(eid: Running, http: httpx.AsyncClient) -> None:
    said = (await http.get(f"{eid.url}/ks/.well-known/openid-configuration")).json()
    assert said["issuer"] == f"{eid.url}/ks/"
    assert said["token_endpoint"] == f"{eid.url}/ks/oauth2/token"
    assert said["id_token_signing_alg_values_supported"] == ["RS256"]
    assert said["token_endpoint_auth_methods_supported"] == ["client_secret_post"]
    assert not {"acr_values_supported", "authorization_response_iss_parameter_supported"} & set(said)
    keys = (await http.get(said["jwks_uri"])).json()["keys"]
    assert {key["kty"] for key in keys} == {"RSA"}
    assert not any("d" in key for key in keys)


async def test_the_person_stands_in_the_presentation(
    eid: Running, municipality: RelyingParty, browser: Browser, http: httpx.AsyncClient
) -> None:
    answer = await browser.sign_in(asked_at(eid), ARTA)
    assert set(answer) == {"code", "state"}
    told = (await redeemed(http, eid, answer["code"])).json()
    assert told["token_type"] == "Bearer"
    said = await read(http, eid, told["id_token"])
    assert (said["iss"], said["aud"], said["nonce"]) == (f"{eid.url}/ks/", [municipality.client_id], "the nonce")
    assert said["vp"]["verifiableCredential"][0]["credentialSubject"] == {
        "id": said["sub"],
        "personalIdentifier": ARTA,
        "firstName": "Arta",
        "familyName": "Krasniqi",
        "dateOfBirth": said["vp"]["verifiableCredential"][0]["credentialSubject"]["dateOfBirth"],
    }
    assert said["sub"].startswith("did:")
    assert not {"acr", "amr", "personal_number", "given_name"} & set(said)
    bearer = {"Authorization": f"Bearer {told['access_token']}"}
    userinfo = (await http.get(f"{eid.url}/ks/userinfo", headers=bearer)).json()
    assert (userinfo["sub"], userinfo["vp"]) == (said["sub"], said["vp"])


async def test_a_did_is_the_same_for_one_service_and_another_for_another(
    eid: Running, municipality: RelyingParty, browser: Browser, http: httpx.AsyncClient
) -> None:
    other = "http://other.localhost/return"
    RelyingParty("university").register(
        eid, **VIDCONNECT, redirect_uris=[other], post_logout_redirect_uris=[], client_name="University"
    )
    subjects: list[str] = []
    for client_id, uri in (
        (municipality.client_id, REDIRECT_URI),
        (municipality.client_id, REDIRECT_URI),
        ("university", other),
    ):
        await browser.go(asked_at(eid, client_id, redirect_uri=uri, prompt="login"))
        await browser.sign_in(str(browser.page.url), ARTA) if uri == REDIRECT_URI else None
        if uri != REDIRECT_URI:
            await browser.send("", personal_number=ARTA, person="another")
            await browser.send("/pin", pin="1111")
        code = httpx.URL(browser.page.headers["location"]).params["code"]
        told = (await redeemed(http, eid, code, client_id=client_id, redirect_uri=uri)).json()
        subjects.append((await read(http, eid, told["id_token"]))["sub"])
    assert subjects[0] == subjects[1] != subjects[2]
    assert not any(ARTA in subject for subject in subjects)


async def test_who_uses_pkce_there_is_held_to_it(
    eid: Running, municipality: RelyingParty, browser: Browser, http: httpx.AsyncClient
) -> None:
    challenged = dict(httpx.URL(ask(eid, municipality).url).params)
    wanted = {name: challenged[name] for name in ("code_challenge", "code_challenge_method")}
    for verifier in ({}, {"code_verifier": secrets.token_urlsafe(32)}):
        code = (await browser.sign_in(asked_at(eid, **wanted), ARTA))["code"]
        assert (await redeemed(http, eid, code, **verifier)).json()["error"] == "invalid_grant"
    code = (await browser.sign_in(asked_at(eid), ARTA))["code"]
    answer = await redeemed(http, eid, code, code_verifier=secrets.token_urlsafe(32))
    assert answer.json()["error"] == "invalid_grant", "a challenge was taken out on the way"
    answer = await browser.sign_in(asked_at(eid, code_challenge="plain"), ARTA)
    assert answer["error"] == "invalid_request"


async def test_the_secret_is_taken_from_the_body_only(
    eid: Running, municipality: RelyingParty, browser: Browser, http: httpx.AsyncClient
) -> None:
    code = (await browser.sign_in(asked_at(eid), ARTA))["code"]
    basic = base64.b64encode(f"municipality:{SECRET}".encode()).decode()
    sent = {"code": code, "redirect_uri": REDIRECT_URI, "grant_type": "authorization_code"}
    header = {"Authorization": f"Basic {basic}"}
    assert (await http.post(f"{eid.url}/ks/oauth2/token", data=sent, headers=header)).status_code == 401
    assert (await redeemed(http, eid, code, client_secret="another secret")).status_code == 401
    assert (await redeemed(http, eid, code)).status_code == 200


async def test_a_client_is_served_at_its_own_issuer_only(
    eid: Running, portal: RelyingParty, municipality: RelyingParty, browser: Browser, http: httpx.AsyncClient
) -> None:
    for url in (ask(eid, portal).url.replace("/oauth2", "/ks/oauth2"), asked_at(eid).replace("/ks/", "/")):
        await browser.go(url)
        assert browser.page.status_code == 400
        assert "not known to the eID" in browser.text
    code = (await browser.sign_in(asked_at(eid), ARTA))["code"]
    sent = {"code": code, "client_id": "municipality", "client_secret": SECRET, "grant_type": "authorization_code"}
    at_the_other = await http.post(f"{eid.url}/oauth2/token", data=sent | {"redirect_uri": REDIRECT_URI})
    assert at_the_other.json()["error"] == "invalid_client"
    told = (await redeemed(http, eid, code)).json()
    bearer = {"Authorization": f"Bearer {told['access_token']}"}
    assert (await http.get(f"{eid.url}/userinfo", headers=bearer)).status_code == 401
    asked = ask(eid, portal)
    form = token_form(eid, portal, (await browser.sign_in(asked.url, ARTA))["code"], asked.verifier)
    assert (await http.post(f"{eid.url}/ks/oauth2/token", data=form)).json()["error"] == "invalid_client"
    form["client_assertion"] = assertion(eid, portal)  # the other one was shown already
    assert (await redeem(http, eid, form)).status_code == 200


async def test_she_may_decide_not_to_sign_in(eid: Running, municipality: RelyingParty, browser: Browser) -> None:
    await browser.go(asked_at(eid, prompt="login"))
    await browser.send("/cancellation")
    answer = browser.answer()
    assert (answer["error"], answer["state"], "iss" in answer) == ("access_denied", "the state", False)


async def test_she_signs_out_by_its_token(
    eid: Running, municipality: RelyingParty, browser: Browser, http: httpx.AsyncClient
) -> None:
    code = (await browser.sign_in(asked_at(eid), ARTA))["code"]
    token = (await redeemed(http, eid, code)).json()["id_token"]
    leaving = urlencode({"id_token_hint": token, "post_logout_redirect_uri": SIGNED_OUT})
    await browser.go(f"/ks/oauth2/sessions/logout?{leaving}")
    assert browser.page.headers["location"] == SIGNED_OUT
    assert (await browser.sign_in(asked_at(eid, prompt="none"), ARTA))["error"] == "login_required"


@pytest.mark.parametrize(
    "changed",
    [
        {"id_token_signed_response_alg": "ES256"},
        {"token_endpoint_auth_method": "client_secret_basic"},
        {"require_pushed_authorization_requests": True},
        {"dpop_bound_access_tokens": True},
        {"grant_types": ["authorization_code", "refresh_token"]},
    ],
    ids=str,
)
async def test_what_vidconnect_does_not_know_is_not_registered(eid: Running, changed: dict[str, Any]) -> None:
    party = RelyingParty("mistaken")
    with pytest.raises(AssertionError, match='profile "ks" has token_endpoint_auth_method client_secret_post'):
        party.register(eid, **VIDCONNECT | changed)


async def test_another_person_can_come_back_there_too(faulty: Running, http: httpx.AsyncClient) -> None:
    await goes_right(faulty.url)
    RelyingParty("municipality").register(faulty, **VIDCONNECT)
    await goes_wrong(faulty.url, "another_person", client="municipality")
    browser = Browser(faulty.url)
    code = (await browser.sign_in(asked_at(faulty), ARTA))["code"]
    said = await read(http, faulty, (await redeemed(http, faulty, code)).json()["id_token"])
    assert said["aud"] == ["municipality"]
    assert said["vp"]["verifiableCredential"][0]["credentialSubject"]["personalIdentifier"] != ARTA
    await browser.close()
