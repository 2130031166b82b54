"""What a person does with her own eID: a new PIN, a certificate at rest, and "this was not me"."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .means import PIN1, PIN2, enrol, means_of, memory
from .parties import Browser, RelyingParty, Running, ask
from .test_account_pages import at_home

WRONG: tuple[tuple[dict[str, str], str], ...] = (
    ({}, "Choose which PIN you want to change."),
    ({"which": "phone-puk"}, "Choose which PIN you want to change."),
    ({"which": "phone-pin1", "new": "4711", "again": "4711"}, "Enter the PIN as it is now."),
    ({"which": "phone-pin1", "old": PIN1, "new": "47"}, "A new PIN has 4 to 8 digits."),
    ({"which": "card-pin2", "old": PIN2, "new": "4711"}, "A new PIN has 5 to 8 digits."),
    ({"which": "phone-pin1", "old": PIN1, "new": "4711", "again": "4712"}, "is not the same both times"),
    ({"which": "phone-pin1", "old": PIN1, "new": PIN1, "again": PIN1}, "The new PIN is the old one."),
)


def somebody(eid: Running, number: str, *, signs: bool = False) -> str:
    """Enrol somebody; with a certificate when she signs."""
    enrol(eid, number)
    if signs:
        eid.did("certificate", "renew", "--person", number)
    return number


def certificate_of(eid: Running, number: str) -> str:
    """Return what the operator's command says of her certificate."""
    return eid.did("certificate", "list", "--person", number)


async def test_a_pin_is_changed_by_the_old_one(eid: Running, browser: Browser) -> None:
    number = somebody(eid, "1300000911")
    await at_home(browser, number)
    await browser.go("/my/pin?language=en")
    await browser.send("/my/pin", which="phone-pin1", old=PIN1, new="4711", again="4711")
    assert "The PIN is the new one." in browser.text
    assert "A PIN was changed" in browser.text
    again = Browser(eid.url)
    await again.go("/my?language=en")
    await again.say(number)
    await again.open_phone()
    await again.send("/approval", pin=PIN1)
    assert "This PIN is wrong." in again.text, "the old one opens nothing any more"
    await again.send("/approval", pin="4711")
    await again.go(again.link("/sign-in/"))
    assert again.page.status_code == 303
    await again.close()


async def test_what_is_wrong_is_said_before_a_try_is_used_up(eid: Running, browser: Browser) -> None:
    number = somebody(eid, "1300000912")
    await at_home(browser, number)
    for typed, sentence in WRONG:
        await browser.go("/my/pin?language=en")
        await browser.send("/my/pin", **typed)
        assert browser.page.status_code == 422
        assert sentence in browser.text
        assert 'value="4711"' not in browser.page.text, "a PIN is not written back into a page"
    async with memory(eid) as connection:
        assert (await means_of(connection, number, "phone")).codes["pin1"].tries_left == 3


async def test_the_third_wrong_old_pin_locks_it_there_too(eid: Running, browser: Browser) -> None:
    number = somebody(eid, "1300000913")
    await at_home(browser, number)
    await browser.go("/my/pin?language=en")
    for left in (2, 1, 0):
        await browser.send("/my/pin", which="card-pin1", old="0000", new="4711", again="4711")
        assert browser.page.status_code == 422
        async with memory(eid) as connection:
            assert (await means_of(connection, number, "card")).codes["pin1"].tries_left == left
    assert "This PIN is locked" in browser.text
    assert "PIN1 of the card" not in browser.text
    await browser.go("/my?language=en")
    assert "PIN1 locked" in browser.text
    assert "A wrong PIN was entered, and it is locked" in browser.text


async def test_a_certificate_rests_returns_and_is_revoked_for_good(eid: Running, browser: Browser) -> None:
    number = somebody(eid, "1300000914", signs=True)
    await at_home(browser, number)
    await browser.send("/suspension")
    assert "State suspended" in browser.text
    assert "suspended" in certificate_of(eid, number)
    await browser.send("/resumption")
    assert "State valid" in browser.text
    await browser.go(browser.link("/my/certificates/"))
    assert "Nothing makes a revoked certificate valid again." in browser.text
    await browser.send("/revocation")
    assert "State revoked" in browser.text
    assert "revoked" in certificate_of(eid, number)
    with pytest.raises(AssertionError, match="no form"):
        await browser.send("/resumption")


async def test_nobody_touches_anothers_certificate(eid: Running, new_browser: Callable[[], Browser]) -> None:
    hers, his = new_browser(), new_browser()
    number = somebody(eid, "1300000915", signs=True)
    await at_home(hers, number)
    address = next(part for part in hers.page.text.split('"') if "/suspension" in part)
    await at_home(his, somebody(eid, "1300000916"))
    await his.go("/my/report?language=en")
    seal = his.page.text.partition('name="seal" value="')[2].partition('"')[0]
    assert (await his.http.post(address, data={"seal": seal})).status_code == 404
    await his.go(address.replace("suspension", "revocation"))
    assert his.page.status_code == 404
    assert "valid" in certificate_of(eid, number)


async def test_whoever_was_not_herself_stops_everything_at_once(
    eid: Running, portal: RelyingParty, new_browser: Callable[[], Browser]
) -> None:
    hers, thief = new_browser(), new_browser()
    number = somebody(eid, "1300000917", signs=True)
    await thief.sign_in(ask(eid, portal, acr_values="substantial").url, number, PIN1)
    await at_home(hers, number)
    await hers.go(hers.link("/my/report"))
    assert "your card and your phone are suspended" in hers.text
    await hers.send("/my/report")
    assert "Your eID is suspended" in hers.text
    assert "Go to a document centre" in hers.text
    async with memory(eid) as connection:
        assert [(await means_of(connection, number, kind)).standing for kind in ("card", "phone")] == ["suspended"] * 2
    assert "suspended" in certificate_of(eid, number)
    await thief.go(ask(eid, portal, prompt="none", acr_values="substantial").url)
    assert thief.answer()["error"] == "login_required"
    await hers.go("/my?language=en")
    await hers.say(number)
    assert "The eID on your phone is suspended" in hers.text


@pytest.mark.parametrize("path", ["/my/report", "/my/pin", "/my/sessions/end-others", "/my/certificates/x/suspension"])
async def test_without_a_session_or_a_seal_nothing_is_done(path: str, eid: Running, browser: Browser) -> None:
    answer = await browser.http.post(path, data={"seal": "forged"})
    assert answer.status_code == 403
