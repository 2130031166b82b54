"""What follows from what registers told: read, accepted or done with, on a narrow phone without JavaScript."""

from __future__ import annotations

from playwright.async_api import expect

from i18n.text import LANGUAGES
from tests.journeys.conftest import Windows
from tests.journeys.inspection import Reader
from tests.journeys.people import MILICA
from tests.journeys.visitor import Visitor

_MINUTE = 75  # seconds: the worker reads what registers tell each minute


async def test_milica_accepts_an_extract_for_her_newborn_and_declines_an_identity_card(
    visit: Windows, reader: Reader
) -> None:
    milica = await visit("sr", person=MILICA, scripted=False, width=320)
    newborn = milica.main.get_by_role("listitem").filter(has_text="Sofija").get_by_role("link")
    card = milica.main.get_by_role("listitem").filter(has_text="lična karta važi do").get_by_role("link")
    await _waits_for_offers(milica)
    await newborn.click()
    await expect(milica.main).to_contain_text("U Centralni registar civilnog stanja upisano je")
    await expect(milica.main).to_contain_text("Pravilo: Ekstrakt rođenja se nudi roditeljima")
    await expect(milica.main).to_contain_text("1,00 €")
    offer = milica.path
    await _without_a_draft(milica)
    await milica.goes_to(offer)
    await milica.press("acceptance")
    await milica.reaches("portal", "/check")
    await expect(milica.main).to_contain_text("Sofija Jovanović")
    await milica.deletes_the_draft()
    await expect(newborn).to_have_count(0)
    await card.click()
    await expect(milica.main).to_contain_text("Centar za opremanje dokumentima")
    await milica.press("refusal")
    await milica.reaches("portal", "/offers")
    await expect(milica.main).to_contain_text("Odbili ste")
    await milica.page.locator('main a[href$="/preferences"]').click()
    await milica.page.locator("#by_sms").check()
    await milica.press("preferences")
    await expect(milica.page.locator(".govuk-error-summary")).to_contain_text("broj mobilnog telefona")
    seen = await visit("sq", person=MILICA)
    for language in LANGUAGES:
        for path in ("/offers", offer, "/offers/preferences", "/applications"):
            seen.language = language
            await seen.goes_to(path)
            await reader.looks_at(seen)


async def _waits_for_offers(visitor: Visitor) -> None:
    """Open her applications until what the registers told has been read."""
    for _second in range(_MINUTE):
        await visitor.goes_to("/applications")
        if await visitor.main.get_by_text("Nudimo vam").count():
            return
        await visitor.page.wait_for_timeout(1000)
    raise AssertionError("the registers' events were not read within a minute")


async def _without_a_draft(visitor: Visitor) -> None:
    """Throw away what another test left unfinished of the same service."""
    await visitor.resumes("birth-extract")
    await visitor.deletes_the_draft()
