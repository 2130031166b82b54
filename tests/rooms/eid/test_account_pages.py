"""My eID: what a person sees of her own eID, and nobody else's."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from eid.provider.trail import store as trail
from eid.provider.trail.where import Where, where_from

from .means import PIN1, PUK, enrol, means_of, memory
from .parties import Browser, RelyingParty, Running, ask, now

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture(scope="session")
def fatmir(eid: Running) -> str:
    """Give somebody who is at no other test's mercy, by his personal number."""
    enrol(eid, "1300000901")
    return "1300000901"


async def at_home(browser: Browser, number: str, language: str = "en", pin: str = PIN1) -> None:
    """Open My eID, signing in by phone."""
    browser.http.headers["user-agent"] = FIREFOX
    await browser.go(f"/my?language={language}")
    if browser.page.url.path != "/my":
        await browser.say(number)
        await browser.prove(pin)
        await browser.go(browser.page.headers["location"])
    assert browser.page.status_code == 200, browser.text


async def test_whoever_is_not_signed_in_is_asked_to_and_comes_back(browser: Browser, fatmir: str) -> None:
    await browser.go("/my?language=en")
    assert "My eID asks who you are." in browser.text
    await at_home(browser, fatmir)
    assert browser.page.url.path == "/my"
    assert "code" not in browser.page.url.params
    assert "Fatmir Rexhepi" in browser.text
    assert fatmir not in browser.page.text


async def test_a_pin_alone_is_not_enough(eid: Running, portal: RelyingParty, browser: Browser, fatmir: str) -> None:
    await browser.sign_in(ask(eid, portal).url, fatmir, PIN1)
    await browser.go("/my?language=en")
    assert browser.page.url.path.startswith("/sign-in/")


async def test_who_does_not_want_to_is_not_asked_again_and_again(browser: Browser) -> None:
    await browser.go("/my?language=en")
    await browser.send("/cancellation")
    await browser.go(browser.page.headers["location"])
    assert "You are not signed in" in browser.text
    await browser.go("/my?language=en&code=x")
    assert "Allow cookies of this site" in browser.text


async def test_card_and_phone_are_shown_with_their_numbers_masked(eid: Running, browser: Browser, fatmir: str) -> None:
    await at_home(browser, fatmir)
    async with memory(eid) as connection:
        numbers = [(await means_of(connection, fatmir, kind)).number for kind in ("card", "phone")]
    for number in numbers:
        assert number not in browser.page.text
        assert f"•{number[-4:]}" in browser.text
    assert browser.text.count("PIN2 valid") == 2


async def test_sessions_say_from_where_and_who_knows_of_them(
    eid: Running, portal: RelyingParty, new_browser: Callable[[], Browser], fatmir: str
) -> None:
    at_work, at_home_ = new_browser(), new_browser()
    at_work.http.headers["user-agent"] = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604"
    await at_work.sign_in(ask(eid, portal, acr_values="substantial").url, fatmir, PIN1)
    await at_home(at_home_, fatmir)
    assert "Firefox on Linux this browser" in at_home_.text
    assert "Safari on iPhone" in at_home_.text
    assert "Services that know of it Citizen portal" in at_home_.text
    assert "127.0.0.0/24" in at_home_.text
    await at_home_.send("/end-others")
    assert "Every other session is ended." in at_home_.text
    assert "Safari on iPhone this" not in at_home_.text
    await at_work.go(ask(eid, portal, prompt="none", acr_values="substantial").url)
    assert at_work.answer()["error"] == "login_required"
    await at_home_.go("/my?language=en")
    assert at_home_.page.url.path == "/my"


async def test_one_session_is_ended_and_no_stranger_ends_it(
    new_browser: Callable[[], Browser], eid: Running, fatmir: str
) -> None:
    hers, stranger = new_browser(), new_browser()
    enrol(eid, "1300000902")
    await at_home(hers, fatmir)
    await at_home(stranger, "1300000902")
    ending = next(line for line in hers.page.text.split('"') if line.startswith("/my/sessions/") and "/end?" in line)
    seal = stranger.page.text.partition('name="seal" value="')[2].partition('"')[0]
    answer = await stranger.http.post(ending, data={"seal": seal})
    assert answer.status_code == 404
    forged = await hers.http.post(ending, data={"seal": "forged"})
    assert forged.status_code == 403
    await hers.send("/end")
    assert hers.page.url.path.startswith("/sign-in/"), "her own session was the first on the page"


async def test_the_log_says_what_happened_when_from_where_and_by_what(
    eid: Running, portal: RelyingParty, new_browser: Callable[[], Browser]
) -> None:
    number, browser = "1300000903", new_browser()
    enrol(eid, number)
    browser.http.headers["user-agent"] = FIREFOX
    await browser.go(ask(eid, portal, acr_values="low").url)
    await browser.say(number, means="pin")
    await browser.send("/pin", pin="0000")
    await at_home(browser, number)
    await browser.go("/my/log?language=en")
    assert "A wrong PIN was entered" in browser.text
    assert "with the PIN of the demonstration, Firefox on Linux, network 127.0.0.0/24" in browser.text
    assert "You signed in: My eID" in browser.text
    assert "with the phone, level of assurance: substantial" in browser.text
    assert number not in browser.page.text
    async with memory(eid) as connection:
        rows = await connection.fetch("SELECT * FROM trail")
    kept = {word for row in rows for value in row.values() if isinstance(value, str) for word in re.split(r"\W", value)}
    assert not kept & {"0000", PIN1, PUK, number}


async def test_a_refusal_on_the_phone_stands_in_the_log(eid: Running, portal: RelyingParty, browser: Browser) -> None:
    number = "1300000904"
    enrol(eid, number)
    await browser.go(ask(eid, portal, acr_values="substantial").url)
    await browser.say(number)
    await browser.open_phone()
    await browser.send("/refusal")
    await at_home(browser, number)
    assert "A sign-in was refused on your phone: Citizen portal" in browser.text


async def test_the_log_is_paged_by_key_and_ends_after_three_months(eid: Running, browser: Browser) -> None:
    number = "1300000905"
    enrol(eid, number)
    await at_home(browser, number)
    async with memory(eid) as connection:
        person_id = (await means_of(connection, number, "card")).person_id
        copy = """
            INSERT INTO trail SELECT gen_random_uuid(), person_id, 'puk', 'wrong', NULL, NULL, NULL, '', '', '', $2
              FROM trail, generate_series(1, 25) WHERE person_id = $1
        """
        await connection.execute(copy, person_id, now() - timedelta(days=91))
        await browser.go("/my/log?language=en")
        seen = browser.page.text.count("A wrong PUK was entered")
        await browser.go(browser.link("/my/log?before="))
        seen += browser.page.text.count("A wrong PUK was entered")
        assert seen == 25
        await browser.go(f"{browser.here.replace('before=', 'before=x')}")
        assert browser.page.status_code == 200
        await trail.sweep(connection, now())
    await browser.go("/my/log?language=en")
    assert "A wrong PUK was entered" not in browser.text
    assert "You signed in: My eID" in browser.text


@pytest.mark.parametrize(
    ("user_agent", "address", "where"),
    [
        (FIREFOX, "192.0.2.77", Where("Firefox", "Linux", "192.0.2.0/24")),
        (
            "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
            "2001:db8:1:2::3",
            Where("Chrome", "Android", "2001:db8:1::/48"),
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "", Where("Edge", "Windows", "")),
        ("<script>alert(1)</script>", "::ffff:192.0.2.77", Where("", "", "192.0.2.0/24")),
        ("", "no address", Where()),
    ],
)
def test_a_device_is_named_and_an_address_is_coarse(user_agent: str, address: str, where: Where) -> None:
    assert where_from(user_agent, address) == where
