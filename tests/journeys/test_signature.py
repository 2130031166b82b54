"""A parent signs what she asks for her child: with PIN2, on a phone, by card, without JavaScript, or not at all."""

from __future__ import annotations

from playwright.async_api import FilePayload, expect

from tests.files import SCRIPT, pdf, photo
from tests.journeys.conftest import Windows
from tests.journeys.inspection import Reader
from tests.journeys.people import ARTA, MILICA
from tests.journeys.visitor import Visitor

_PAY = 'form[action$="/payment"] button[type=submit]'


async def test_milica_signs_pays_and_attaches_a_paper_on_a_narrow_phone_without_javascript(
    visit: Windows, reader: Reader
) -> None:
    milica = await visit("sr", width=360, scripted=False, person=MILICA)
    await _asks_for_a_child(milica, "Luka Jovanović")
    await milica.signs(MILICA)
    await milica.waits_until_signed(_PAY)
    await milica.page.locator(_PAY).click()
    await milica.pays_by_card()
    await milica.waits_for_the_document()
    await expect(milica.main).to_contain_text("Potpisano")
    await _attaches(milica, await visit("sr", person=MILICA), reader)


async def test_by_card_a_wrong_pin_signs_nothing_and_a_right_one_does(visit: Windows, reader: Reader) -> None:
    arta = await visit("sq", person=ARTA)
    await _asks_for_a_child(arta, "Lis Krasniqi")
    await arta.goes_to_sign("card")
    await reader.looks_at(arta)
    await arta.enters("99999")
    await expect(arta.page.get_by_role("alert")).to_be_visible()
    await arta.enters("11111")
    await arta.reaches("portal")
    await arta.waits_for_the_document()


async def test_who_refuses_on_her_phone_is_told_that_nothing_was_signed(visit: Windows) -> None:
    arta = await visit("sq", person=ARTA)
    await _asks_for_a_child(arta, "Lis Krasniqi")
    await arta.goes_to_sign()
    await arta.page.locator('form[action*="/refusal"] button[type=submit]').click()
    await arta.page.locator('a.govuk-button[href^="/signature/"]').click()
    await arta.page.locator('form[action*="/refusal"] button[type=submit]').click()
    await arta.reaches("portal", "/signature")
    await expect(arta.page.locator("#failure-title")).to_be_visible()
    await arta.press("draft")
    await arta.reaches("portal", "/check")
    await arta.deletes_the_draft()


async def _attaches(milica: Visitor, at_a_desk: Visitor, reader: Reader) -> None:
    """Attach a photo to a request for a correction, take another away; what is refused is looked at on a desk."""
    await milica.starts("record-correction")
    await milica.page.locator('[value="birth"]').check()
    await milica.page.locator("#right_data").fill("Gračanica")
    await milica.page.locator("#explanation").fill("Otpusna lista")
    await milica.saves()
    await milica.reaches("portal", "/sections/evidence")
    papers: list[FilePayload] = [
        {"name": "lista.jpg", "mimeType": "image/jpeg", "buffer": photo(located=True)},
        {"name": "druga strana.pdf", "mimeType": "application/pdf", "buffer": pdf()},
    ]
    await milica.page.locator("#evidence").set_input_files(papers)
    await milica.page.locator('[value="add"]').click()
    await expect(milica.page.locator(".attached__file")).to_have_count(2)
    await milica.page.locator('[value^="remove "]').nth(1).click()
    await expect(milica.page.locator(".attached__file")).to_have_count(1)
    await at_a_desk.goes_to(milica.path)
    await reader.looks_at(at_a_desk, ".attached .govuk-hint")
    drawing: FilePayload = {"name": "lista.pdf", "mimeType": "application/pdf", "buffer": SCRIPT}
    await at_a_desk.page.locator("#evidence-input").set_input_files(drawing)
    await at_a_desk.saves()
    await expect(at_a_desk.page.locator("#evidence-error")).to_contain_text("„lista.pdf“ nije fajl ovih vrsta")
    await reader.looks_at(at_a_desk, ".govuk-error-summary")
    await milica.saves()
    await milica.reaches("portal", "/check")
    await expect(milica.page.locator(".answers")).to_contain_text("lista.jpg")
    await milica.deletes_the_draft()


async def _asks_for_a_child(visitor: Visitor, child: str) -> None:
    """Ask for a residence certificate for a child, up to what is to be signed."""
    await visitor.starts("residence-certificate")
    await visitor.page.get_by_role("radio", name=child).check()
    await visitor.saves()
    await visitor.reaches("portal", "/sections/purpose")
    await visitor.chooses("school")
    await visitor.sends()
    await visitor.reaches("portal", "/signature")
