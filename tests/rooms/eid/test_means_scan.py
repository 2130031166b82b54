"""QR codes: they serve the sign-in that showed them, once, for a minute, and nobody who is sent one."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import asyncpg
import pytest

from .means import PIN1, control_code, enrol, holds_phone, memory, mend, offered_codes, passed, waiting
from .parties import Browser, RelyingParty, Running, ask

FATMIR = "1300000020"


@pytest.fixture(scope="module")
def _fatmir(eid: Running) -> None:
    enrol(eid, FATMIR)


@pytest.fixture
async def kept(eid: Running, _fatmir: None) -> AsyncIterator[asyncpg.Connection]:
    """Give the eID's database; what a test does to Fatmir's phone is mended after it."""
    async with memory(eid) as connection:
        yield connection
        await mend(connection, FATMIR)


async def test_a_scanned_code_asks_the_phone_that_scanned_it(
    eid: Running, portal: RelyingParty, new_browser: Callable[[], Browser], kept: asyncpg.Connection
) -> None:
    screen, phone = new_browser(), new_browser()
    await shows_a_code(eid, portal, screen)
    assert "data:image/svg+xml" in screen.page.text
    await phone.go(f"{scan_link(eid, screen)}?language=en")
    await phone.send("/owner", personal_number=FATMIR, person="another")
    assert "A screen asks who you are" in phone.text
    assert not await waiting(kept, FATMIR), "looking at a link asks nobody"
    await phone.send(phone.page.url.path)
    await screen.go(screen.here)
    code = control_code(screen)
    assert code in offered_codes(phone)
    await phone.send("/approval", pin=PIN1, code=code)
    await screen.go(screen.here)
    assert "code" in screen.answer()


async def test_a_code_lives_for_a_minute_and_serves_once(
    eid: Running, portal: RelyingParty, new_browser: Callable[[], Browser], kept: asyncpg.Connection
) -> None:
    screen, phone = new_browser(), new_browser()
    await holds_phone(phone, FATMIR)
    await shows_a_code(eid, portal, screen)
    old = scan_link(eid, screen)
    await passed(kept, 60)
    await phone.go(f"{old}?language=en")
    assert phone.page.status_code == 404
    assert "scan the new one" in phone.text
    await screen.go(screen.here)
    new = scan_link(eid, screen)
    assert new != old
    await phone.go(f"{new}?language=en")
    page = phone.page
    await phone.send(phone.page.url.path)
    assert "Approve this request?" in phone.text
    phone.page = page
    await phone.send(phone.page.url.path)
    assert "scan the new one" in phone.text


async def test_who_is_sent_anothers_code_cannot_know_which_to_pick(
    eid: Running, portal: RelyingParty, new_browser: Callable[[], Browser], kept: asyncpg.Connection
) -> None:
    attacker, phone = new_browser(), new_browser()
    await shows_a_code(eid, portal, attacker)
    await holds_phone(phone, FATMIR)
    await phone.go(f"{scan_link(eid, attacker)}?language=en")
    await phone.send(phone.page.url.path)
    assert 'class="control-code"' not in phone.page.text
    assert len(offered_codes(phone)) == 3
    await phone.send("/approval", pin=PIN1)
    assert phone.page.status_code == 422
    await attacker.go(attacker.here)
    assert "Look at your phone" in attacker.text


async def test_the_code_in_one_sign_in_is_of_no_use_in_another(
    eid: Running, portal: RelyingParty, new_browser: Callable[[], Browser], kept: asyncpg.Connection
) -> None:
    hers, his, phone = new_browser(), new_browser(), new_browser()
    for screen in (hers, his):
        await shows_a_code(eid, portal, screen)
    await holds_phone(phone, FATMIR)
    await phone.go(f"{scan_link(eid, hers)}?language=en")
    await phone.send(phone.page.url.path)
    await hers.go(hers.here)
    await his.go(his.here)
    assert "Look at your phone" in hers.text
    assert "Scan this code with your phone" in his.text
    await phone.send("/approval", pin=PIN1, code=control_code(hers))
    await his.go(his.here)
    assert "Scan this code with your phone" in his.text


async def shows_a_code(eid: Running, portal: RelyingParty, screen: Browser) -> None:
    """Show a QR code on a screen."""
    await screen.go(ask(eid, portal, acr_values="substantial").url)
    await screen.go(screen.link("/sign-in/"))
    assert "Scan this code with your phone" in screen.text


def scan_link(eid: Running, screen: Browser) -> str:
    """Return the address in the QR code on a screen, without host."""
    return screen.link(f"{eid.url}/phone/scan/").removeprefix(eid.url)
