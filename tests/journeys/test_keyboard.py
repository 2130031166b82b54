"""The main path by keyboard alone: everything is reached by Tab, seen when reached, and done by Enter and Space."""

from __future__ import annotations

from playwright.async_api import expect

from tests.journeys.conftest import Windows
from tests.journeys.keys import press, tab_to, type_into
from tests.journeys.people import EMINE
from tests.journeys.visitor import CARD


async def test_emine_gets_her_extract_without_a_mouse(visit: Windows) -> None:
    emine = await visit("sq")
    page, keys = emine.page, emine.page.keyboard
    await emine.goes_to("/")
    await keys.press("Tab")
    await expect(page.locator(".govuk-skip-link")).to_be_focused()
    await keys.press("Enter")
    await type_into(page, page.get_by_role("searchbox"), "ekstrakt")
    await keys.press("Enter")
    await emine.reaches("portal", "/services")
    await press(page, emine.main.get_by_role("link", name="Ekstrakti i lindjes"))
    await press(page, page.locator(".govuk-button--start"))
    await emine.reaches("eid")
    await tab_to(page, emine.main.get_by_role("radio").first)
    person = page.get_by_role("radio", name=EMINE.name)
    for _ in range(10):
        await keys.press("ArrowDown")
        if await person.is_checked():
            break
    await press(page, emine.main.locator("button[type=submit]").first)
    await press(page, emine.main.locator('a[href^="/phone/requests/"]'))
    await type_into(page, page.locator("#pin"), EMINE.pin)
    await keys.press("Enter")
    await press(page, emine.main.locator('a.govuk-button[href^="/sign-in/"]'))
    await emine.reaches("portal", "/start")
    await press(page, emine.main.locator("button[type=submit]"), "Space")
    await emine.reaches("portal", "/check")
    await press(page, emine.main.locator("button[type=submit]"), "Space")
    await emine.reaches("payments")
    for name, value in CARD.items():
        await type_into(page, page.locator(f"#{name}"), value)
    await keys.press("Enter")
    await emine.reaches("portal", "/applications/[0-9a-f-]{36}")
    await expect(emine.document).to_be_visible(timeout=20_000)
    async with page.expect_download():
        await press(page, emine.document)
    await tab_to(page, page.locator("#score"))
    await keys.press("Space")
    await press(page, page.locator('form[action$="/rating"] button'))
    await expect(emine.main).to_contain_text("Faleminderit")


async def test_the_way_to_an_error_is_short(visit: Windows) -> None:
    anyone = await visit("sr")
    await anyone.goes_to("/verify?code=12")
    await expect(anyone.page.locator(".govuk-error-summary")).to_be_focused()
    await anyone.page.keyboard.press("Tab")
    await anyone.page.keyboard.press("Enter")
    await expect(anyone.page.locator("#code")).to_be_focused()
