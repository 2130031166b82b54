"""The card: three tries, a PUK, and states that nothing mends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import asyncpg
import pytest

from .means import PIN1, PUK, bring, enrol, means_of, memory, mend
from .parties import Browser, RelyingParty, Running, ask

FATMIR = "1300000018"


@pytest.fixture(scope="module")
def _fatmir(eid: Running) -> None:
    enrol(eid, FATMIR)


@pytest.fixture
async def kept(eid: Running, _fatmir: None) -> AsyncIterator[asyncpg.Connection]:
    """Give the eID's database; what a test does to Fatmir's card and phone is mended after it."""
    async with memory(eid) as connection:
        yield connection
        await mend(connection, FATMIR)


async def at_his_card(eid: Running, portal: RelyingParty, browser: Browser) -> None:
    """Go to where PIN1 of his card is asked for."""
    await browser.go(ask(eid, portal, acr_values="high").url)
    await browser.say(FATMIR, means="card")


async def test_three_wrong_pins_lock_the_card_and_the_puk_gives_a_new_pin(
    eid: Running, portal: RelyingParty, browser: Browser, kept: asyncpg.Connection
) -> None:
    await at_his_card(eid, portal, browser)
    for left in ("2 tries left", "1 try left"):
        await browser.send("/card", pin="0000")
        assert browser.page.status_code == 422
        assert f"This PIN is wrong. You have {left}." in browser.text
    await browser.send("/card", pin="0000")
    assert "This PIN of your card is locked" in browser.text
    await browser.go(browser.link("/card/unlocking"))
    assert "Unlock your card" in browser.text
    await browser.send("/unlocking", puk=PUK, new_pin="2580", again="2580")
    assert "PIN1 is the new one" in browser.text
    await browser.go(browser.link("/sign-in/"))
    await browser.send("/card", pin=PIN1)
    assert "You have 2 tries left" in browser.text
    await browser.send("/card", pin="2580")
    assert "code" in browser.answer()
    enrol(eid, FATMIR)


async def test_a_lock_of_one_pin_leaves_the_other(
    eid: Running, portal: RelyingParty, browser: Browser, kept: asyncpg.Connection
) -> None:
    card = await means_of(kept, FATMIR, "card")
    await kept.execute("UPDATE means_code SET wrong_tries = 3 WHERE means_id = $1 AND name = 'pin2'", card.id)
    await at_his_card(eid, portal, browser)
    await browser.send("/card", pin=PIN1)
    assert "code" in browser.answer()


async def test_three_wrong_puks_block_the_card_for_good(
    eid: Running, portal: RelyingParty, browser: Browser, kept: asyncpg.Connection
) -> None:
    await bring(kept, FATMIR, "card", "locked")
    await at_his_card(eid, portal, browser)
    await browser.go(browser.link("/card/unlocking"))
    for left in ("2 tries left", "1 try left"):
        await browser.send("/unlocking", puk="12345678", new_pin="2580", again="2580")
        assert f"This PUK is wrong. You have {left}" in browser.text
    await browser.send("/unlocking", puk="12345678", new_pin="2580", again="2580")
    assert "Your card is blocked for good" in browser.text
    await at_his_card(eid, portal, browser)
    assert "Your card is blocked for good" in browser.text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"puk": "", "new_pin": "2580", "again": "2580"}, "Enter the PUK."),
        ({"puk": PUK, "new_pin": "25", "again": "25"}, "A new PIN has 4 to 8 digits."),
        ({"puk": PUK, "new_pin": "2580", "again": "2580", "which": "pin2"}, "A new PIN has 5 to 8 digits."),
        ({"puk": PUK, "new_pin": "25800", "again": "25801"}, "The new PIN is not the same both times."),
        ({"puk": PUK, "new_pin": "٢٥٨٠", "again": "٢٥٨٠"}, "A new PIN has 4 to 8 digits."),
    ],
    ids=str,
)
async def test_a_new_pin_that_cannot_be_one_costs_no_try(
    typed: dict[str, str], sentence: str, browser: Browser, kept: asyncpg.Connection
) -> None:
    await browser.go("/card/unlocking?language=en")
    await browser.send("/owner", personal_number=FATMIR, person="another")
    await browser.send("/unlocking", **typed)
    assert browser.page.status_code == 422
    assert sentence in browser.text
    assert (await means_of(kept, FATMIR, "card")).codes["puk"].tries_left == 3


async def test_an_empty_pin_costs_no_try(
    eid: Running, portal: RelyingParty, browser: Browser, kept: asyncpg.Connection
) -> None:
    await at_his_card(eid, portal, browser)
    await browser.send("/card", pin=" ")
    assert "Enter PIN1." in browser.text
    assert (await means_of(kept, FATMIR, "card")).codes["pin1"].tries_left == 3


async def test_guessing_in_parallel_gives_no_more_than_three_guesses(
    eid: Running, portal: RelyingParty, new_browser: Callable[[], Browser], kept: asyncpg.Connection
) -> None:
    browsers = [new_browser() for _ in range(6)]
    for browser in browsers:
        await at_his_card(eid, portal, browser)
    await asyncio.gather(*(browser.send("/card", pin=f"000{n}") for n, browser in enumerate(browsers)))
    assert sum("This PIN is wrong" in browser.text for browser in browsers) == 2
    assert sum("This PIN of your card is locked" in browser.text for browser in browsers) == 4


async def test_a_pin_given_twice_signs_in_once(
    eid: Running, portal: RelyingParty, browser: Browser, kept: asyncpg.Connection
) -> None:
    await at_his_card(eid, portal, browser)
    page = browser.page
    await browser.send("/card", pin=PIN1)
    assert "code" in browser.answer()
    browser.page = page
    await browser.send("/card", pin=PIN1)
    assert "This sign-in is finished" in browser.text


async def test_the_operator_suspends_blocks_and_renews(
    eid: Running, portal: RelyingParty, browser: Browser, kept: asyncpg.Connection
) -> None:
    eid.did("card", "suspend", "--person", FATMIR)
    assert "suspended" in eid.did("card", "list", "--person", FATMIR)
    eid.did("card", "resume", "--person", FATMIR)
    eid.did("card", "block", "--person", FATMIR)
    refused = eid.run("card", "resume", "--person", FATMIR)
    assert refused.returncode == 1
    assert "eid card renew" in refused.stderr
    await at_his_card(eid, portal, browser)
    assert "Your card is revoked" in browser.text
    eid.did("card", "renew", "--person", FATMIR, "--pin", PIN1)
    await at_his_card(eid, portal, browser)
    await browser.send("/card", pin=PIN1)
    assert "code" in browser.answer()
    eid.did("card", "expire", "--person", FATMIR)
    assert "expired" in eid.did("card", "list", "--person", FATMIR)


async def test_the_list_shows_every_demo_persons_card_and_no_pin(eid: Running) -> None:
    cards, phones = eid.did("card", "list"), eid.did("phone", "list")
    assert "Luan Hoxha" in cards
    assert "expired" in next(line for line in cards.splitlines() if "Luan" in line)
    assert "Agim Shala: none" in phones
    assert "1111" not in cards.replace("until", "")


async def test_the_card_shows_how_it_stands(browser: Browser, kept: asyncpg.Connection) -> None:
    await bring(kept, FATMIR, "card", "locked")
    await browser.go("/card?language=en")
    assert "Whose card is this?" in browser.text
    await browser.send("/owner", personal_number=FATMIR, person="another")
    assert "DEMO card" in browser.text
    assert "This PIN of your card is locked: PIN1" in browser.text
    assert "Fatmir" not in browser.text
