"""The main path by keyboard alone: everything is reached by Tab, seen when reached, and done by Enter and Space."""

from __future__ import annotations

from playwright.async_api import Locator, Page, expect

from tests.journeys.conftest import Windows
from tests.journeys.people import EMINE
from tests.journeys.visitor import CARD

_MOST_TABS = 60
# Whether the focus can be seen: an outline, a shadow or yellow ground, on the control or on what is drawn for it.
_SEEN = """element => {
    const outlined = style => style.outlineStyle !== "none" && !/, 0\\)$/.test(style.outlineColor);
    const drawn = style =>
        outlined(style) || style.boxShadow !== "none" || style.backgroundColor === "rgb(255, 221, 0)";
    const label = element.labels && element.labels[0];
    return element.matches(":focus-visible") &&
        (drawn(getComputedStyle(element)) || Boolean(label && drawn(getComputedStyle(label, "::before"))));
}"""


async def test_emine_gets_her_extract_without_a_mouse(visit: Windows) -> None:
    emine = await visit("sq")
    page, keys = emine.page, emine.page.keyboard
    await emine.goes_to("/")
    await keys.press("Tab")
    await expect(page.locator(".govuk-skip-link")).to_be_focused()
    await keys.press("Enter")
    await _type_into(page, page.get_by_role("searchbox"), "ekstrakt")
    await keys.press("Enter")
    await emine.reaches("portal", "/services")
    await _press(page, emine.main.get_by_role("link", name="Ekstrakti i lindjes"))
    await _press(page, page.locator(".govuk-button--start"))
    await emine.reaches("eid")
    await _tab_to(page, emine.main.get_by_role("radio").first)
    person = page.get_by_role("radio", name=EMINE.name)
    for _ in range(10):
        await keys.press("ArrowDown")
        if await person.is_checked():
            break
    await _press(page, emine.main.locator("button[type=submit]").first)
    await _press(page, emine.main.locator('a[href^="/phone/requests/"]'))
    await _type_into(page, page.locator("#pin"), EMINE.pin)
    await keys.press("Enter")
    await _press(page, emine.main.locator('a.govuk-button[href^="/sign-in/"]'))
    await emine.reaches("portal", "/start")
    await _press(page, emine.main.locator("button[type=submit]"), "Space")
    await emine.reaches("portal", "/check")
    await _press(page, emine.main.locator("button[type=submit]"), "Space")
    await emine.reaches("payments")
    for name, value in CARD.items():
        await _type_into(page, page.locator(f"#{name}"), value)
    await keys.press("Enter")
    await emine.reaches("portal", "/applications/[0-9a-f-]{36}")
    await expect(emine.document).to_be_visible(timeout=20_000)
    async with page.expect_download():
        await _press(page, emine.document)
    await _tab_to(page, page.locator("#score"))
    await keys.press("Space")
    await _press(page, page.locator('form[action$="/rating"] button'))
    await expect(emine.main).to_contain_text("Faleminderit")


async def test_the_way_to_an_error_is_short(visit: Windows) -> None:
    anyone = await visit("sr")
    await anyone.goes_to("/verify?code=12")
    await expect(anyone.page.locator(".govuk-error-summary")).to_be_focused()
    await anyone.page.keyboard.press("Tab")
    await anyone.page.keyboard.press("Enter")
    await expect(anyone.page.locator("#code")).to_be_focused()


async def _press(page: Page, target: Locator, key: str = "Enter") -> None:
    await _tab_to(page, target)
    await page.keyboard.press(key)


async def _type_into(page: Page, target: Locator, text: str) -> None:
    await _tab_to(page, target)
    await page.keyboard.type(text)


async def _tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the target has the focus; every control on the way shows that it has it."""
    await expect(target).to_be_visible()
    for _ in range(_MOST_TABS):
        await page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if await focused.count():
            assert await focused.evaluate(_SEEN), await focused.evaluate("element => element.outerHTML")
        if await target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{target} is not reached")
