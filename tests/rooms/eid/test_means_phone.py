"""The phone: what waits on it, who may answer, by which code."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable

import asyncpg
import pytest

from .means import PIN1, PIN2, PUK, asks, control_code, enrol, holds_phone, memory, mend, offered_codes, passed
from .parties import ARTA, PINS, Browser, RelyingParty, Running

FATMIR = "1300000019"


@pytest.fixture(scope="module")
def _fatmir(eid: Running) -> None:
    enrol(eid, FATMIR)


@pytest.fixture
async def kept(eid: Running, _fatmir: None) -> AsyncIterator[asyncpg.Connection]:
    """Give the eID's database; what a test does to Fatmir's phone is mended after it."""
    async with memory(eid) as connection:
        yield connection
        await mend(connection, FATMIR)


async def test_on_the_same_device_both_screens_show_one_code(
    eid: Running, portal: RelyingParty, browser: Browser, kept: asyncpg.Connection
) -> None:
    code = await asks(eid, portal, browser, FATMIR)
    waiting = browser.here
    await browser.open_phone()
    assert control_code(browser) == code
    assert "Citizen portal asks you to sign in." in browser.text
    assert not offered_codes(browser)
    await browser.send("/approval", pin=PIN1)
    assert "You have approved the request" in browser.text
    await browser.go(browser.link("/sign-in/"))
    assert "code" in browser.answer()
    await browser.go(waiting)
    assert "This sign-in is finished" in browser.text


async def test_the_waiting_page_looks_by_itself_and_by_a_link(
    eid: Running, portal: RelyingParty, new_browser: Callable[[], Browser], kept: asyncpg.Connection
) -> None:
    screen, phone = new_browser(), new_browser()
    code = await asks(eid, portal, screen, FATMIR)
    here = screen.page.url.path
    looked = await screen.http.get(f"{here}?look=yes", headers={"hx-request": "true"})
    assert looked.status_code == 204
    await screen.go(f"{here}?language=en")
    assert "Look at your phone" in screen.text
    await holds_phone(phone, FATMIR)
    await phone.go(phone.link("/phone/requests/"))
    await phone.send("/approval", pin=PIN1, code=code)
    assert "Go on at the other screen." in phone.text
    looked = await screen.http.get(f"{here}?look=yes&language=en", headers={"hx-request": "true"})
    assert looked.headers["hx-redirect"] == f"{here}?language=en"
    await screen.go(f"{here}?language=en")
    assert "code" in screen.answer()


async def test_on_another_device_he_picks_the_code_that_the_screen_shows(
    eid: Running, portal: RelyingParty, new_browser: Callable[[], Browser], kept: asyncpg.Connection
) -> None:
    screen, phone = new_browser(), new_browser()
    code = await asks(eid, portal, screen, FATMIR)
    await holds_phone(phone, FATMIR)
    assert "Citizen portal" in phone.text
    await phone.go(phone.link("/phone/requests/"))
    codes = offered_codes(phone)
    assert len(set(codes)) == 3
    assert code in codes
    assert 'class="control-code"' not in phone.page.text
    await phone.go(phone.here)
    assert offered_codes(phone) == codes
    await phone.send("/approval", pin=PIN1)
    assert "Choose the code that the other screen shows." in phone.text
    await phone.send("/approval", pin=PIN1, code=next(one for one in codes if one != code))
    assert "You have refused the request" in phone.text
    await screen.go(screen.here)
    assert "The request was refused on the phone" in screen.text


async def test_a_refused_request_says_so_and_can_be_put_again(
    eid: Running, portal: RelyingParty, browser: Browser, kept: asyncpg.Connection
) -> None:
    first = await asks(eid, portal, browser, FATMIR)
    await browser.open_phone()
    await browser.send("/refusal")
    assert "You have refused the request" in browser.text
    await browser.go(browser.link("/sign-in/"))
    assert "Nobody was signed in." in browser.text
    await browser.send("/phone")
    assert control_code(browser) != first or "Look at your phone" in browser.text
    await browser.prove(PIN1)
    assert "code" in browser.answer()


async def test_a_request_that_is_not_answered_is_over_at_both_ends(
    eid: Running, portal: RelyingParty, browser: Browser, kept: asyncpg.Connection
) -> None:
    await asks(eid, portal, browser, FATMIR)
    screen = browser.here
    await browser.open_phone()
    page = browser.page
    await passed(kept, 120)
    await browser.send("/approval", pin=PIN1)
    assert "The request is over" in browser.text
    browser.page = page
    await browser.go(browser.here)
    assert "It waited for two minutes" in browser.text
    await browser.go(screen)
    assert "The phone did not answer in time" in browser.text


async def test_what_was_answered_cannot_be_answered_again(
    eid: Running, portal: RelyingParty, browser: Browser, kept: asyncpg.Connection
) -> None:
    await asks(eid, portal, browser, FATMIR)
    await browser.open_phone()
    page = browser.page
    await browser.send("/refusal")
    for act, typed in (("/approval", {"pin": PIN1}), ("/refusal", {})):
        browser.page = page
        await browser.send(act, **typed)
        assert "You have refused the request" in browser.text


async def test_the_second_pin_is_asked_for_what_is_high(
    eid: Running, portal: RelyingParty, browser: Browser, kept: asyncpg.Connection
) -> None:
    await asks(eid, portal, browser, FATMIR, "high")
    await browser.open_phone()
    await browser.send("/approval", pin=PIN1)
    assert "This PIN is wrong. You have 2 tries left." in browser.text
    await browser.send("/approval", pin="")
    assert "Enter PIN2." in browser.text
    await browser.send("/approval", pin=PIN2)
    await browser.go(browser.link("/sign-in/"))
    assert "code" in browser.answer()


async def test_a_locked_phone_is_unlocked_by_the_puk_and_the_request_still_waits(
    eid: Running, portal: RelyingParty, browser: Browser, kept: asyncpg.Connection
) -> None:
    await asks(eid, portal, browser, FATMIR)
    await browser.open_phone()
    request = browser.here
    for _ in range(3):
        await browser.send("/approval", pin="0000")
    assert "This PIN of your phone is locked" in browser.text
    await browser.go(browser.link("/phone/unlocking"))
    await browser.send("/unlocking", puk=PUK, new_pin=PIN1, again=PIN1)
    assert "PIN1 is the new one" in browser.text
    await browser.go(request)
    await browser.send("/approval", pin=PIN1)
    await browser.go(browser.link("/sign-in/"))
    assert "code" in browser.answer()


async def test_nobody_sees_or_answers_what_waits_on_anothers_phone(
    eid: Running, portal: RelyingParty, new_browser: Callable[[], Browser], kept: asyncpg.Connection
) -> None:
    screen, arta, nobody = new_browser(), new_browser(), new_browser()
    await asks(eid, portal, screen, FATMIR)
    request = screen.link("/phone/requests/").partition("?")[0]
    await arta.go("/phone?language=en")
    await arta.send("/owner", personal_number=ARTA, person="another")
    await arta.go(f"{request}?language=en")
    assert arta.page.status_code == 404
    assert "This request is not on this phone" in arta.text
    await nobody.go(f"{request}?language=en")
    assert "Whose phone is this?" in nobody.text
    sent = await nobody.http.post(f"{request}/approval", data={"pin": PIN1})
    assert sent.status_code == 403


async def test_an_approval_signs_in_the_browser_that_asked_and_no_other(
    eid: Running, portal: RelyingParty, new_browser: Callable[[], Browser], kept: asyncpg.Connection
) -> None:
    hers, his = new_browser(), new_browser()
    await asks(eid, portal, hers, FATMIR)
    here = hers.page.url.path
    await hers.open_phone()
    await hers.send("/approval", pin=PIN1)
    await his.go(f"{here}?language=en")
    assert his.page.status_code == 404


async def test_giving_up_takes_the_request_from_the_phone(
    eid: Running, portal: RelyingParty, new_browser: Callable[[], Browser], kept: asyncpg.Connection
) -> None:
    screen, phone = new_browser(), new_browser()
    await asks(eid, portal, screen, FATMIR)
    await screen.send("/cancellation")
    assert screen.answer()["error"] == "access_denied"
    await holds_phone(phone, FATMIR)
    assert "Nothing waits on this phone." in phone.text


async def test_the_phone_leads_nowhere_but_to_our_own_pages(eid: Running, browser: Browser) -> None:
    for elsewhere in ("//evil.example", "https://evil.example", "/phone/../oauth2/auth", "/sign-out"):
        await browser.go("/phone/owner?language=en")
        await browser.send("/owner", personal_number=ARTA, person="another", onward=elsewhere)
        assert browser.page.url.path == "/phone"
        assert browser.page.url.host == "127.0.0.1"


async def test_no_pin_and_no_number_is_in_a_log_or_lies_open_in_the_database(
    eid: Running, portal: RelyingParty, browser: Browser, kept: asyncpg.Connection
) -> None:
    await asks(eid, portal, browser, FATMIR, "high")
    await browser.open_phone()
    for pin in ("86420975", PIN2):
        await browser.send("/approval", pin=pin)
    log = eid.log.read_text()
    assert '"approved"' in log
    tables = await kept.fetch("SELECT relname FROM pg_class WHERE relnamespace = 'eid'::regnamespace AND relkind = 'r'")
    rows = [row for table in tables for row in await kept.fetch(f'SELECT * FROM eid."{table["relname"]}"')]  # noqa: S608 - its own names
    # A control code is four random digits that stand on two screens, so it may be anybody's PIN by chance.
    whole = "\n".join(str({name: value for name, value in row.items() if name != "control_code"}) for row in rows)
    assert "scrypt$" in whole
    for secret in (PIN1, PIN2, PUK, "86420975", *PINS.values()):
        assert not re.search(rf"(?<![0-9A-Za-z_-]){secret}(?![0-9A-Za-z_-])", log)
        assert f"'{secret}'" not in whole
    assert not any(number in log for number in (FATMIR, *PINS))
