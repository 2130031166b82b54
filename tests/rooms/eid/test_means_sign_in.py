"""Which means reaches which level, in which state: a table, and what becomes of those who cannot reach it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import asyncpg
import pytest

from eid.provider.means.code import MeansKind

from .means import PIN1, PIN2, bring, control_code, enrol, memory, mend, told
from .parties import AGIM, ARTA, BESNIK, DRITA, LUAN, PINS, Browser, RelyingParty, Running, ask

FATMIR = "1300000017"

# The level asked for, the means, the PIN given: the level told, how it was reached (RFC 8176).
REACHED = [
    (("low", "pin", PIN1), ("low", ["pin"])),
    (("low", "phone", PIN1), ("substantial", ["mca", "pin"])),
    (("low", "card", PIN1), ("high", ["sc", "pin"])),
    (("substantial", "phone", PIN1), ("substantial", ["mca", "pin"])),
    (("substantial", "card", PIN1), ("high", ["sc", "pin"])),
    (("high", "phone", PIN2), ("high", ["mca", "pin"])),
    (("high", "card", PIN1), ("high", ["sc", "pin"])),
]
FAULTS: dict[tuple[MeansKind, str], str] = {
    ("card", "locked"): "This PIN of your card is locked",
    ("card", "blocked"): "Your card is blocked for good",
    ("card", "expired"): "Your card has expired",
    ("card", "suspended"): "Your card is suspended",
    ("card", "revoked"): "Your card is revoked",
    ("phone", "locked"): "This PIN of your phone is locked",
    ("phone", "blocked"): "Your phone is blocked for good",
    ("phone", "expired"): "The eID on your phone has expired",
    ("phone", "suspended"): "The eID on your phone is suspended",
    ("phone", "revoked"): "The eID on your phone is revoked",
}


@pytest.fixture(scope="module")
def _fatmir(eid: Running) -> None:
    enrol(eid, FATMIR)


@pytest.fixture
async def kept(eid: Running, _fatmir: None) -> AsyncIterator[asyncpg.Connection]:
    """Give the eID's database; what a test does to Fatmir's card and phone is mended after it."""
    async with memory(eid) as connection:
        yield connection
        await mend(connection, FATMIR)


@pytest.mark.parametrize(("given", "reached"), REACHED, ids=str)
@pytest.mark.usefixtures("kept")
async def test_each_means_reaches_its_level(
    given: tuple[str, str, str], reached: tuple[str, list[str]], eid: Running, portal: RelyingParty, browser: Browser
) -> None:
    level, means, pin = given
    asked = ask(eid, portal, acr_values=level)
    await browser.go(asked.url)
    await browser.say(FATMIR, means=means)
    assert browser.page.url.path.endswith(f"/{means}")
    await browser.prove(pin)
    claims = await told(eid, portal, asked, browser)
    assert (claims["acr"], claims["amr"]) == reached


@pytest.mark.parametrize("level", ["substantial", "high"])
async def test_the_pin_of_the_demonstration_is_not_enough(
    level: str, eid: Running, portal: RelyingParty, browser: Browser
) -> None:
    await browser.go(ask(eid, portal, acr_values=level).url)
    first = browser.page
    assert "PIN of the demonstration" not in browser.text
    await browser.say(ARTA, means="pin")
    assert browser.page.url.path.endswith("/phone")
    browser.page = first
    await browser.go(f"{first.url.path}/pin?language=en")
    assert "Who are you?" in browser.text
    _action, fields = browser.form("")
    sent = await browser.http.post(f"{first.url.path}/pin", data=fields | {"pin": PINS[ARTA]})
    assert sent.headers["location"].startswith(first.url.path)


@pytest.mark.parametrize("fault", list(FAULTS), ids=" ".join)
async def test_what_cannot_be_used_says_why_and_what_to_do(
    fault: tuple[MeansKind, str], eid: Running, portal: RelyingParty, browser: Browser, kept: asyncpg.Connection
) -> None:
    means, state = fault
    await bring(kept, FATMIR, means, state)
    await browser.go(ask(eid, portal, acr_values="substantial").url)
    await browser.say(FATMIR, means=means)
    assert browser.page.status_code == 403
    assert FAULTS[means, state] in browser.text
    assert "What you can do" in browser.text
    assert ("Unlock with the PUK" in browser.text) == (state == "locked")
    assert "Choose another means" in browser.text
    for language in ("sq", "sr"):
        await browser.go(f"{browser.page.url.path}?language={language}")
        assert FAULTS[means, state] not in browser.text
    await browser.send("/cancellation")
    assert browser.answer()["error"] == "access_denied"


async def test_who_has_no_means_for_the_level_goes_back_with_the_reason(
    eid: Running, portal: RelyingParty, browser: Browser, kept: asyncpg.Connection
) -> None:
    for means in ("card", "phone"):
        await bring(kept, FATMIR, means, "expired")
    await browser.go(ask(eid, portal, acr_values="high").url)
    await browser.say(FATMIR, means="card")
    assert "none of your means can give" in browser.text
    await browser.send("/cancellation")
    assert browser.answer()["error"] == "unmet_authentication_requirements"


async def test_nobody_says_unmet_who_could_reach_the_level(
    eid: Running, portal: RelyingParty, browser: Browser
) -> None:
    await browser.go(ask(eid, portal, acr_values="high").url)
    await browser.say(ARTA)
    await browser.send("/cancellation", answer="unmet")
    assert browser.answer()["error"] == "access_denied"


async def test_agim_has_no_phone_and_luans_card_has_expired(
    eid: Running, portal: RelyingParty, new_browser: Callable[[], Browser]
) -> None:
    agim, luan = new_browser(), new_browser()
    await agim.go(ask(eid, portal, acr_values="substantial").url)
    await agim.say(AGIM)
    assert "You have no phone enrolled" in agim.text
    await agim.go(agim.link("/sign-in/"))
    await agim.say(AGIM, means="card")
    assert "DEMO card" in agim.text
    await agim.prove(PINS[AGIM])
    assert "code" in agim.answer()
    await luan.go(ask(eid, portal, acr_values="high").url)
    await luan.say(LUAN, means="card")
    assert "Your card has expired" in luan.text
    assert "Phone, with PIN2" in luan.text


async def test_who_is_signed_in_too_low_proves_more_and_nobody_else_may_in_her_place(
    eid: Running, portal: RelyingParty, browser: Browser
) -> None:
    await browser.sign_in(ask(eid, portal, acr_values="low").url, ARTA)
    await browser.go(ask(eid, portal, acr_values="high", prompt="none").url)
    assert browser.answer()["error"] == "interaction_required"
    asked = ask(eid, portal, acr_values="high")
    await browser.go(asked.url)
    assert "Confirm that it is you" in browser.text
    assert "Arta Krasniqi" in browser.text
    assert "Who are you?" not in browser.text
    await browser.say(DRITA)  # nobody reads whom such a form names
    assert "Arta Krasniqi" in browser.text
    await browser.prove("11111")
    claims = await told(eid, portal, asked, browser)
    assert (claims["acr"], claims["personal_number"]) == ("high", ARTA)
    for level in ("low", "substantial", "high"):
        await browser.go(ask(eid, portal, acr_values=level).url)
        assert "code" in browser.answer()


async def test_another_phone_cannot_step_up_in_her_place(
    eid: Running, portal: RelyingParty, new_browser: Callable[[], Browser]
) -> None:
    hers, phone = new_browser(), new_browser()
    await hers.sign_in(ask(eid, portal, acr_values="low").url, ARTA)
    await hers.go(ask(eid, portal, acr_values="substantial").url)
    await hers.go(hers.link("/sign-in/"))
    page = hers.page
    await phone.go(hers.link(f"{eid.url}/phone/scan/").removeprefix(eid.url))
    await phone.send("/owner", personal_number=BESNIK, person="another")
    await phone.send(phone.page.url.path)
    await hers.go(f"{page.url.path}?language=en")
    await phone.send("/approval", pin=PINS[BESNIK], code=control_code(hers))
    await hers.go(f"{hers.page.url.path}?language=en")
    assert hers.answer()["error"] == "login_required"


async def test_a_stranger_to_the_service_may_sign_in_as_whom_she_likes(
    eid: Running, portal: RelyingParty, browser: Browser
) -> None:
    other = RelyingParty("archive")
    other.register(eid, client_name="Archive", **{"client_name#sq": "Arkivi", "client_name#sr": "Arhiv"})
    await browser.sign_in(ask(eid, portal, acr_values="low").url, ARTA)
    await browser.sign_in(ask(eid, other, acr_values="substantial").url, DRITA)
    assert "code" in browser.answer()


async def test_whom_the_service_expects_is_chosen_already(eid: Running, portal: RelyingParty, browser: Browser) -> None:
    await browser.go(ask(eid, portal, login_hint=BESNIK).url)
    assert f'value="{browser.key_of("Besnik Gashi")}" checked' in browser.page.text
