"""What is for her: told before sign-in, marked, suggested when she asks, on a narrow phone without JavaScript."""

from __future__ import annotations

from playwright.async_api import expect

from i18n.text import LANGUAGES
from tests.journeys.conftest import Windows
from tests.journeys.inspection import Reader
from tests.journeys.people import BESNIK
from tests.journeys.visitor import Visitor

ALLOWANCE = "/services/child-allowance"


async def test_besnik_finds_what_is_for_him(visit: Windows, reader: Reader) -> None:
    anyone = await visit("en", scripted=False, width=360)
    await anyone.goes_to(ALLOWANCE)
    await anyone.page.locator('main a[href$="/eligibility"]').click()
    await anyone.main.locator('input[value="child"]').check()
    await anyone.main.locator('input[value="male"]').check()
    await anyone.press("eligibility")
    await expect(anyone.main).to_contain_text("Here the mother asks for the allowance.")
    await expect(anyone.main.locator('input[value="male"]')).to_be_checked()
    besnik = await visit("en", scripted=False, width=360, person=BESNIK)
    await besnik.goes_to(ALLOWANCE)
    await besnik.press("favourite")
    await besnik.goes_to("/my-services/suggestions")
    await besnik.press("suggestions")
    await expect(besnik.main).to_contain_text("Because you have 2 vehicles")
    await _looks_at_all(await visit("sq", person=BESNIK), reader)
    await besnik.goes_to("/my-services")
    await besnik.press("removal")
    await besnik.reaches("portal", "/my-services")
    await expect(besnik.main.locator(f'a[href$="{ALLOWANCE}"]')).to_have_count(0)


async def _looks_at_all(seen: Visitor, reader: Reader) -> None:
    """Look at each page with all that axe knows, and at the words and the width in the other languages."""
    for path in ("/", ALLOWANCE, "/my-services", "/my-services/suggestions"):
        await seen.goes_to(path)
        await reader.looks_at(seen)
    for language in LANGUAGES:
        seen.language = language
        await seen.goes_to(f"{ALLOWANCE}/eligibility")
        await seen.press("eligibility")
        await reader.looks_at(seen, "#verdict-title")
        await seen.goes_to("/my-services/suggestions")
        await seen.press("suggestions")
        await reader.looks_at(seen, ".cards")
        reader.with_axe = False
