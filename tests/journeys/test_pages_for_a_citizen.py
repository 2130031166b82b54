"""Every page and state of someone's own, in three languages, on a desk and on the narrowest phone."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import expect

from i18n.text import Language
from tests.journeys.conftest import Windows
from tests.journeys.inspection import Reader
from tests.journeys.people import AGIM, BESNIK, EMINE, MILICA
from tests.journeys.visitor import DECLINED_CARD, Visitor


async def test_pages_of_an_application(visit: Windows, language: Language, reader: Reader, tmp_path: Path) -> None:
    milica = await visit(language, person=MILICA)
    await milica.goes_to("/services/residence-certificate/start")
    await reader.looks_at(milica)
    await milica.starts("residence-certificate")
    await reader.looks_at(milica)
    await milica.saves()
    await reader.looks_at(milica, ".govuk-error-summary")
    await milica.chooses("self")
    await reader.looks_at(milica, "[value=bank]")
    await milica.chooses("other")
    await milica.reaches("portal", "/sections/purpose-other")
    await milica.saves()
    await reader.looks_at(milica, ".govuk-error-summary")
    await milica.main.get_by_role("textbox").fill("Šah")
    await milica.saves()
    await milica.reaches("portal", "/check")
    await reader.looks_at(milica)
    await milica.goes_to(milica.path.removesuffix("/check"))
    await reader.looks_at(milica)
    await milica.goes_to(milica.path + "/withdrawal")
    await reader.looks_at(milica)
    await milica.starts("birth-extract")
    await milica.chooses("self")
    await milica.sends()
    await milica.pays_by_card()
    await reader.looks_at(milica)
    await milica.waits_for_the_document()
    await reader.looks_at(milica)
    await _after_the_document(milica, reader, tmp_path)
    for path in ("/applications", "/notices", "/data", "/nowhere", "/data/children"):
        await milica.goes_to(path)
        await reader.looks_at(milica)
    await milica.main.locator('a[href*="/data/children/"]').first.click()
    await milica.reaches("portal", "/data/children/[0-9a-f]+")
    await reader.looks_at(milica)


async def _after_the_document(milica: Visitor, reader: Reader, to: Path) -> None:
    file = await milica.downloads(to)
    changed = to / "changed.pdf"
    changed.write_bytes(file.read_bytes().replace(b"Milica", b"Malica") + b"\n%")
    await milica.press("rating")
    await reader.looks_at(milica, ".govuk-error-summary")
    await milica.page.locator("#score").check()
    await milica.press("rating")
    await expect(milica.page.locator("#score")).to_have_count(0)
    await reader.looks_at(milica)
    await milica.main.locator('a[href*="/v/"]').click()
    await reader.looks_at(milica, ".verdict")
    for each in (file, changed):
        await milica.goes_to("/verify")
        await milica.page.locator("input[type=file]").set_input_files(each)
        await milica.page.locator("form:has(input[type=file]) button[type=submit]").click()
        await reader.looks_at(milica, ".verdict")


async def test_pages_of_paying(visit: Windows, language: Language, reader: Reader) -> None:
    emine = await visit(language, person=EMINE)
    await emine.starts("birth-extract")
    await emine.sends()
    await emine.reaches("payments")
    await reader.looks_at(emine)
    await emine.page.locator("form:has(#number) button[type=submit]").click()
    await reader.looks_at(emine, ".govuk-error-summary")
    await emine.page.locator("#bank").check()
    await emine.page.locator("form:has(#bank) button[type=submit]").click()
    await reader.looks_at(emine, "button[name=answer]")
    await emine.page.locator(".govuk-back-link").click()
    await emine.pays_by_card(**DECLINED_CARD)
    await reader.looks_at(emine)
    await emine.press("payment")
    await emine.reaches("payments")
    page = emine.page.url
    await emine.gives_up_paying()
    await reader.looks_at(emine)
    for path in (page, f"{emine.demo.addresses['payments']}/pay/nothing?language={language}"):
        await emine.page.goto(path)
        await reader.looks_at(emine)


async def test_pages_of_a_refusal(visit: Windows, language: Language, reader: Reader) -> None:
    besnik = await visit(language, person=BESNIK)
    await besnik.starts("registration-renewal")
    await reader.looks_at(besnik)
    await besnik.main.get_by_role("radio", name="Opel").check()
    await besnik.saves()
    await besnik.reaches("portal", "/check")
    await reader.looks_at(besnik)
    await besnik.sends()
    await besnik.reaches("portal", "/applications/[0-9a-f-]{36}")
    await reader.looks_at(besnik)
    agim = await visit(language, person=AGIM)
    await agim.starts("residence-certificate")
    await reader.looks_at(agim)
    await agim.goes_to("/notices")
    await reader.looks_at(agim)


async def test_pages_of_acting_for_a_company(visit: Windows, language: Language, reader: Reader) -> None:
    besnik = await visit(language, person=BESNIK)
    await besnik.goes_to("/services/tax-attestation")
    await reader.looks_at(besnik)
    await besnik.starts("tax-attestation")
    await reader.looks_at(besnik)
    await besnik.chooses("business")
    await reader.looks_at(besnik)
    await besnik.chooses("811803364")
    await besnik.reaches("portal", "/check")
    await expect(besnik.main).to_contain_text("Gashi Transport SH.P.K. (811803364)")
    await reader.looks_at(besnik)
    await besnik.sends()
    await besnik.reaches("portal", "/signature")
    await expect(besnik.main).to_contain_text("Gashi Transport SH.P.K. (811803364)")
    await reader.looks_at(besnik)
    await besnik.goes_to("/applications")
    await expect(besnik.main).to_contain_text("Gashi Transport SH.P.K. (811803364)")
    await reader.looks_at(besnik)
    await besnik.main.locator('a[href*="/applications/"]').first.click()
    await besnik.reaches("portal", "/applications/[0-9a-f-]{36}")
    await reader.looks_at(besnik)
    await besnik.deletes_the_draft()
