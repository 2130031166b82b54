"""Results come while she types: her words and her place stay, and what was found is said in one sentence."""

from __future__ import annotations

from playwright.async_api import expect

from tests.journeys.conftest import Windows


async def test_milica_sees_results_as_she_types(visit: Windows) -> None:
    milica = await visit("sr", width=360)
    await milica.goes_to("/")
    await milica.page.locator("#q").fill("vozila")
    await milica.page.keyboard.press("Enter")
    await milica.reaches("portal", "/services")
    found, results, words = (milica.page.locator(each) for each in ("#found", "#results", "#q"))
    await expect(results.locator('a[href$="/services/registration-renewal"]')).to_be_visible()
    sentence = await found.element_handle()
    await words.press("Control+a")
    await words.press_sequentially("uverenj", delay=20)
    await expect(results.locator('a[href$="/services/residence-certificate"]')).to_be_visible()
    await expect(results.locator('a[href$="/services/registration-renewal"]')).to_have_count(0)
    await expect(words).to_be_focused()
    await expect(words).to_have_value("uverenj")
    await expect(found).to_contain_text("uverenj")
    assert await milica.page.evaluate("kept => kept === document.getElementById('found')", sentence)
    assert milica.page.url.endswith("?q=uverenj")
    await words.press_sequentially("qwx", delay=20)
    await expect(results.locator("a[href*='/life-events/']").first).to_be_visible()
    await expect(found).to_contain_text("uverenjqwx")
    await milica.page.reload()
    await expect(words).to_have_value("uverenjqwx")
