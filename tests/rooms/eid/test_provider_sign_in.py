"""The sign-in pages: who is it, and her PIN."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .parties import (
    ARTA,
    BESNIK,
    MILICA,
    NAMES,
    PINS,
    Browser,
    RelyingParty,
    Running,
    ask,
)

TITLES = {"sq": "Kyçuni me eID-në tuaj", "sr": "Prijavite se svojim eID-om", "en": "Sign in with your eID"}
ASKS = {
    "sq": "Portali i qytetarit pyet kush jeni.",
    "sr": "Portal za građane pita ko ste.",
    "en": "Citizen portal asks who you are.",
}


@pytest.mark.parametrize("language", ["sq", "sr", "en"])
async def test_the_page_says_in_her_language_who_asks_and_who_she_may_be(
    language: str, eid: Running, portal: RelyingParty, browser: Browser
) -> None:
    await browser.go(ask(eid, portal, ui_locales=language).url)
    assert f'lang="{language}"' in browser.page.text
    assert TITLES[language] in browser.text
    assert ASKS[language] in browser.text
    for name in NAMES.values():
        assert name in browser.text
    assert not any(number in browser.page.text for number in PINS), "a personal number is on a public page"
    assert not any(f">{pin}<" in browser.page.text for pin in PINS.values())


async def test_the_first_language_that_we_speak_is_taken(eid: Running, portal: RelyingParty, browser: Browser) -> None:
    await browser.go(ask(eid, portal, ui_locales="de sr-Latn en").url)
    assert TITLES["sr"] in browser.text
    await browser.go(ask(eid, portal, ui_locales=None).url, **{"accept-language": "en-GB,sq;q=0.5"})
    assert TITLES["en"] in browser.text


async def test_the_language_is_switched_on_the_page_and_stays(
    eid: Running, portal: RelyingParty, browser: Browser
) -> None:
    await browser.go(ask(eid, portal, ui_locales="sq").url)
    await browser.go(f"{browser.page.url.path}?language=sr")
    assert TITLES["sr"] in browser.text
    await browser.choose(NAMES[ARTA])
    assert "Unesite svoj PIN" in browser.text
    await browser.go(f"{browser.page.url.path}?language=en")
    assert "Enter your PIN" in browser.text


async def test_milica_chooses_herself_and_gives_her_pin(eid: Running, portal: RelyingParty, browser: Browser) -> None:
    asked = ask(eid, portal, ui_locales="sr")
    visited = [(await browser.go(asked.url)).url]
    visited.append((await browser.choose(NAMES[MILICA])).url)
    assert NAMES[MILICA] in browser.text
    await browser.send("/pin", pin=PINS[MILICA])
    answer = browser.answer()
    assert answer["state"] == asked.state
    assert not any(MILICA in str(url) for url in [*visited, browser.page.url, browser.page.headers["location"]])


async def test_the_keys_of_the_list_mean_nothing_in_another_sign_in(
    eid: Running, portal: RelyingParty, new_browser: Callable[[], Browser]
) -> None:
    one, other = new_browser(), new_browser()
    for browser in (one, other):
        await browser.go(ask(eid, portal).url)
    assert one.key_of(NAMES[ARTA]) != other.key_of(NAMES[ARTA])
    await other.send("", person=one.key_of(NAMES[ARTA]))
    assert other.page.status_code == 422


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Choose who you are, or enter your personal number."),
        ({"person": "another"}, "Choose who you are, or enter your personal number."),
        ({"personal_number": "12345"}, "A personal number has 10 digits."),
        ({"personal_number": "11760423x8"}, "A personal number has 10 digits."),
        ({"personal_number": "9999999999"}, "Nobody is enrolled with this personal number. Check each digit."),
    ],
    ids=str,
)
async def test_who_is_not_found_is_told_what_to_do_and_keeps_what_was_typed(
    typed: dict[str, str], sentence: str, eid: Running, portal: RelyingParty, browser: Browser
) -> None:
    await browser.go(ask(eid, portal).url)
    await browser.send("", **typed)
    assert browser.page.status_code == 422
    assert sentence in browser.text
    assert "Error:" in browser.page.text
    assert typed.get("personal_number", "") in browser.page.text


async def test_whoever_types_a_number_is_not_told_whose_it_is(
    eid: Running, portal: RelyingParty, browser: Browser
) -> None:
    eid.did(
        *("enrol", "--person", "1300000009", "--pin", "9090"),
        *("--given-name", "Fatmir", "--family-name", "Rexhepi", "--birthdate", "1971-02-03"),
    )
    await browser.go(ask(eid, portal).url)
    await browser.send("", personal_number="130 000 0009", person="another")
    assert "Enter your PIN" in browser.text
    assert "Fatmir" not in browser.text
    assert "1300000009" not in browser.page.text
    assert "*******009" in browser.text
    await browser.send("/pin", pin="9090")
    assert "code" in browser.answer()


async def test_a_form_from_elsewhere_is_refused(eid: Running, portal: RelyingParty, browser: Browser) -> None:
    await browser.go(ask(eid, portal).url)
    await browser.send("", person=browser.key_of(NAMES[ARTA]), seal="forgéd")
    assert browser.page.status_code == 403
    assert "not sent from our page" in browser.text


async def test_a_sign_in_belongs_to_the_browser_that_began_it(
    eid: Running, portal: RelyingParty, new_browser: Callable[[], Browser]
) -> None:
    hers, his = new_browser(), new_browser()
    await hers.go(ask(eid, portal).url)
    path = hers.page.url.path
    for address in (path, f"{path}/pin"):
        await his.go(f"{address}?language=en")
        assert his.page.status_code == 404
        assert "begun in another browser" in his.text
    assert (await his.http.post(f"{path}/pin", data={"pin": PINS[ARTA]})).status_code == 404


async def test_a_pin_given_twice_signs_in_once(eid: Running, portal: RelyingParty, browser: Browser) -> None:
    await browser.go(ask(eid, portal).url)
    await browser.choose(NAMES[ARTA])
    page = browser.page
    await browser.send("/pin", pin=PINS[ARTA])
    assert "code" in browser.answer()
    browser.page = page
    await browser.send("/pin", pin=PINS[ARTA])
    assert browser.page.status_code == 409
    assert "This sign-in is finished" in browser.text
    await browser.go(page.url.raw_path.decode())
    assert "This sign-in is finished" in browser.text


async def test_she_may_decide_not_to_sign_in(eid: Running, portal: RelyingParty, browser: Browser) -> None:
    asked = ask(eid, portal)
    await browser.go(asked.url)
    await browser.send("/cancellation")
    answer = browser.answer()
    assert (answer["error"], answer["state"], answer["iss"]) == ("access_denied", asked.state, eid.url)


async def test_signing_in_gives_the_browser_a_new_session(eid: Running, portal: RelyingParty, browser: Browser) -> None:
    sessions: set[str] = set()
    for person in (ARTA, BESNIK):
        await browser.sign_in(ask(eid, portal, prompt="login").url, person)
        sessions.add(browser.http.cookies["eid-session"])
    assert len(sessions) == 2
    planted = Browser(eid.url)
    planted.http.cookies.set("eid-session", "planted")
    await planted.sign_in(ask(eid, portal).url, ARTA)
    assert "planted" not in [cookie.value for cookie in planted.http.cookies.jar if cookie.domain == "127.0.0.1"]
    await planted.close()


async def test_forms_may_lead_to_the_service_that_asks_and_nowhere_else(
    eid: Running, portal: RelyingParty, browser: Browser
) -> None:
    await browser.go(ask(eid, portal).url)
    policy = browser.page.headers["content-security-policy"]
    assert "form-action 'self' http://127.0.0.1:9;" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


async def test_no_log_line_holds_a_personal_number_or_a_pin(
    eid: Running, portal: RelyingParty, browser: Browser
) -> None:
    await browser.sign_in(ask(eid, portal, login_hint=ARTA).url, ARTA)
    await browser.go(f"/nowhere?{ARTA}")
    log = eid.log.read_text()
    assert "signed_in" in log
    assert not any(number in log for number in PINS)
    assert "Arta" not in log
