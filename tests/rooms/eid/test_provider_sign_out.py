"""Leaving the eID: at the service's word when it knows the session, else when the person confirms."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from eid.client import Client

from .parties import (
    ARTA,
    BESNIK,
    REDIRECT_URI,
    SIGNED_OUT,
    Browser,
    RelyingParty,
    Running,
    ask,
    now,
    token_form,
)

LOGOUT = "/oauth2/sessions/logout"


async def signed_in(
    eid: Running, portal: RelyingParty, browser: Browser, http: httpx.AsyncClient, person: str = ARTA
) -> str:
    """Sign a person in and return her ID token."""
    asked = ask(eid, portal)
    code = (await browser.sign_in(asked.url, person))["code"]
    answer = await http.post(f"{eid.url}/oauth2/token", data=token_form(eid, portal, code, asked.verifier))
    return answer.json()["id_token"]


async def is_signed_in(eid: Running, portal: RelyingParty, browser: Browser) -> bool:
    """Tell whether the eID would answer for this browser without asking."""
    await browser.go(ask(eid, portal, prompt="none").url)
    return "code" in browser.answer()


async def test_the_portal_signs_her_out_of_both_without_putting_who_she_is_in_the_address(
    eid: Running, portal: RelyingParty, browser: Browser, http: httpx.AsyncClient, client: Client
) -> None:
    token = await signed_in(eid, portal, browser, http)
    assert await is_signed_in(eid, portal, browser)
    address = await client.sign_out_url(token, SIGNED_OUT, "a state", now())
    assert token not in address
    await browser.go(address)
    assert browser.answer() == {"state": "a state"}
    assert browser.page.headers["location"].startswith(SIGNED_OUT)
    assert not await is_signed_in(eid, portal, browser)


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_an_id_token_is_a_good_hint_even_when_it_has_expired_and_without_cookies(
    method: str, eid: Running, portal: RelyingParty, browser: Browser, http: httpx.AsyncClient
) -> None:
    token = await signed_in(eid, portal, browser, http)
    said = {"id_token_hint": token, "post_logout_redirect_uri": SIGNED_OUT}
    if method == "GET":
        answer = await http.get(eid.url + LOGOUT, params=said)
    else:
        answer = await http.post(eid.url + LOGOUT, data=said)
    assert (answer.status_code, answer.headers["location"]) == (303, SIGNED_OUT)
    assert not await is_signed_in(eid, portal, browser)


@pytest.mark.parametrize("hint", [{}, {"id_token_hint": "forged.token.x"}, {"logout_hint": "guessed"}], ids=str)
async def test_without_a_good_hint_she_is_asked(
    hint: dict[str, str], eid: Running, portal: RelyingParty, browser: Browser, http: httpx.AsyncClient
) -> None:
    await signed_in(eid, portal, browser, http)
    where = httpx.QueryParams(
        {"client_id": "portal", "post_logout_redirect_uri": SIGNED_OUT, "state": "s", "ui_locales": "en", **hint}
    )
    await browser.go(f"{LOGOUT}?{where}")
    assert "Do you want to sign out?" in browser.text
    assert "Citizen portal asks to sign you out" in browser.text
    assert f"form-action 'self' {SIGNED_OUT.partition('/sq')[0]};" in browser.page.headers["content-security-policy"]
    await browser.send("/sign-out", answer="no")
    assert browser.answer() == {"state": "s"}
    assert await is_signed_in(eid, portal, browser)

    await browser.go(f"{LOGOUT}?{where}")
    await browser.send("/sign-out", answer="yes")
    assert browser.answer() == {"state": "s"}
    assert not await is_signed_in(eid, portal, browser)


async def test_a_token_of_one_person_does_not_sign_out_another_unasked(
    eid: Running,
    portal: RelyingParty,
    new_browser: Callable[[], Browser],
    http: httpx.AsyncClient,
) -> None:
    artas, besniks = new_browser(), new_browser()
    token = await signed_in(eid, portal, artas, http)
    await signed_in(eid, portal, besniks, http, BESNIK)
    await besniks.go(f"{LOGOUT}?{httpx.QueryParams({'id_token_hint': token, 'ui_locales': 'en'})}")
    assert "Do you want to sign out?" in besniks.text
    assert await is_signed_in(eid, portal, besniks)


@pytest.mark.parametrize(
    "where",
    [
        {"client_id": "portal", "post_logout_redirect_uri": "https://elsewhere.example/"},
        {"client_id": "portal", "post_logout_redirect_uri": f"{SIGNED_OUT}/"},
        {"client_id": "portal", "post_logout_redirect_uri": REDIRECT_URI},
        {"post_logout_redirect_uri": SIGNED_OUT},
        {"client_id": "unknown"},
    ],
    ids=str,
)
async def test_nobody_is_sent_to_an_address_that_is_not_registered(
    where: dict[str, str], eid: Running, browser: Browser
) -> None:
    await browser.go(f"{LOGOUT}?{httpx.QueryParams({**where, 'ui_locales': 'en'})}")
    assert browser.page.status_code == 400
    assert "location" not in browser.page.headers
    assert "it has not registered" in browser.text


async def test_nothing_may_be_said_twice(eid: Running, browser: Browser) -> None:
    await browser.go(f"{LOGOUT}?client_id=portal&client_id=library")
    assert browser.page.status_code == 400


async def test_whoever_comes_by_herself_sees_that_she_is_out(eid: Running, browser: Browser) -> None:
    await browser.go(f"{LOGOUT}?ui_locales=en")
    assert "You are signed out" in browser.text


async def test_another_site_cannot_sign_her_out(
    eid: Running, portal: RelyingParty, browser: Browser, http: httpx.AsyncClient
) -> None:
    await signed_in(eid, portal, browser, http)
    answer = await browser.http.post("/sign-out", data={"answer": "yes"})
    assert answer.status_code == 403
    assert await is_signed_in(eid, portal, browser)
