"""Three tries, then locked: for everyone, however they come."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import asyncpg

from .parties import (
    AGIM,
    ARTA,
    BESNIK,
    EMINE,
    LUAN,
    NAMES,
    PINS,
    Browser,
    RelyingParty,
    Running,
    ask,
)


async def test_three_wrong_pins_lock_her_everywhere_and_unlocking_opens(
    eid: Running, portal: RelyingParty, new_browser: Callable[[], Browser]
) -> None:
    browser = new_browser()
    await browser.go(ask(eid, portal).url)
    await browser.choose("Luan Hoxha")
    for left in ("2 tries left", "1 try left"):
        await browser.send("/pin", pin="0000")
        assert browser.page.status_code == 422
        assert f"This PIN is wrong. You have {left}." in browser.text
    await browser.send("/pin", pin="0000")
    assert "This eID is locked" in browser.text
    assert "eid unlock" in browser.text

    elsewhere = new_browser()
    await elsewhere.go(ask(eid, portal).url)
    await elsewhere.choose("Luan Hoxha")
    assert "This eID is locked" in elsewhere.text
    await elsewhere.send("/cancellation")
    assert elsewhere.answer()["error"] == "access_denied"

    eid.did("unlock", "--person", LUAN)
    assert "code" in await new_browser().sign_in(ask(eid, portal).url, LUAN)


async def test_a_right_pin_gives_all_tries_back(eid: Running, portal: RelyingParty, browser: Browser) -> None:
    for _ in range(2):
        await browser.go(ask(eid, portal, prompt="login").url)
        await browser.choose(NAMES[BESNIK])
        for _wrong in range(2):
            await browser.send("/pin", pin="0000")
        await browser.send("/pin", pin=PINS[BESNIK])
        assert "code" in browser.answer()


async def test_a_lock_of_the_demonstration_ends_by_itself(eid: Running, portal: RelyingParty, browser: Browser) -> None:
    await browser.go(ask(eid, portal).url)
    await browser.choose("Emine Kryeziu")
    for _ in range(3):
        await browser.send("/pin", pin="0000") if "Enter your PIN" in browser.text else None
    assert "This eID is locked" in browser.text
    await time_passes(eid, EMINE, timedelta(minutes=14))
    await browser.go(browser.here)
    assert "This eID is locked" in browser.text
    await time_passes(eid, EMINE, timedelta(minutes=1))
    await browser.go(browser.here)
    await browser.send("/pin", pin="0000")
    assert "You have 2 tries left" in browser.text
    await browser.send("/pin", pin=PINS[EMINE])
    assert "code" in browser.answer()


async def time_passes(eid: Running, personal_number: str, time: timedelta) -> None:
    """Let a lock grow older."""
    connection = await asyncpg.connect(eid.environment["EID_DATABASE_URL"])
    try:
        older = "UPDATE eid.person SET locked_at = locked_at - $2::interval WHERE personal_number = $1"
        await connection.execute(older, personal_number, time)
    finally:
        await connection.close()


async def test_guessing_in_parallel_gives_no_more_than_three_guesses(
    eid: Running, portal: RelyingParty, new_browser: Callable[[], Browser]
) -> None:
    browsers = [new_browser() for _ in range(8)]
    for browser in browsers:
        await browser.go(ask(eid, portal).url)
        await browser.choose("Agim Shala")
    guesses = [f"000{n}" for n in range(7)] + [PINS[AGIM]]
    try:
        await asyncio.gather(*(browser.send("/pin", pin=pin) for browser, pin in zip(browsers, guesses, strict=True)))
        tried = sum("This PIN is wrong" in browser.text for browser in browsers)
        locked = sum("This eID is locked" in browser.text for browser in browsers)
        inside = sum(browser.page.status_code == 303 for browser in browsers)
        # At most three wrong in a row: with the right one among them, at most two before it and three after.
        assert tried + inside <= 5
        assert tried + locked + inside == 8
        assert locked >= 3
    finally:
        eid.did("unlock", "--person", AGIM)


async def test_an_empty_pin_costs_no_try(eid: Running, portal: RelyingParty, browser: Browser) -> None:
    await browser.go(ask(eid, portal).url)
    await browser.choose(NAMES[ARTA])
    for _ in range(4):
        await browser.send("/pin", pin=" ")
        assert "Enter your PIN." in browser.text
    await browser.send("/pin", pin=PINS[ARTA])
    assert "code" in browser.answer()
