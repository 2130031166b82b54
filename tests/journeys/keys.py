"""Someone without a mouse: she reaches everything by Tab, sees where she is, and presses keys."""

from __future__ import annotations

from playwright.async_api import Locator, Page, expect

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


async def press(page: Page, target: Locator, key: str = "Enter") -> None:
    """Go to a control and press a key on it."""
    await tab_to(page, target)
    await page.keyboard.press(key)


async def type_into(page: Page, target: Locator, text: str) -> None:
    """Go to a field and type into it."""
    await tab_to(page, target)
    await page.keyboard.type(text)


async def tab_to(page: Page, target: Locator) -> None:
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
