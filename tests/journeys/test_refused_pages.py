"""What cannot be shown is said in the reader's language, with a reference, and with a way on."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.async_api import expect

from i18n.text import Language
from tests.journeys.conftest import Windows
from tests.journeys.inspection import Reader
from tests.journeys.people import DRITA
from tests.journeys.visitor import Visitor

_SAID: dict[int, dict[Language, str]] = {
    400: {"sq": "Kjo kërkesë nuk u lexua dot", "sr": "Ovaj zahtev nismo mogli da pročitamo", "en": "We could not read"},
    403: {"sq": "Kjo faqe nuk mund t’ju shfaqet", "sr": "Ova stranica ne može da vam se", "en": "This page cannot"},
    404: {"sq": "Faqja nuk u gjet", "sr": "Stranica nije pronađena", "en": "Page not found"},
    405: {"sq": "Kjo adresë nuk është faqe", "sr": "Ova adresa nije stranica", "en": "This address is not a page"},
    413: {"sq": "Kjo është tepër e madhe", "sr": "Ovo je preveliko", "en": "This is too large"},
}
_FORGE = "fields => fields.forEach(field => { field.value = 'x' })"


async def test_refusals_are_said_in_the_readers_language(
    visit: Windows, language: Language, reader: Reader, tmp_path: Path
) -> None:
    drita = await visit(language, person=DRITA)
    for path, status in (("/nowhere", 404), ("/sign-out", 405), ("/applications?after=1", 400)):
        answer = await drita.goes_to(path)
        assert answer.status == status
        await _is_told(drita, status)
        await reader.looks_at(drita)
    await drita.goes_to("/verify")
    await drita.page.locator("[name=_csrf_token]").evaluate_all(_FORGE)
    await drita.press("sign-out")
    await _is_told(drita, 403)
    await reader.looks_at(drita)
    large = tmp_path / "large.pdf"
    large.write_bytes(b"%PDF-" + bytes(11 * 1024 * 1024))
    await drita.goes_to("/verify")
    await drita.page.locator("input[type=file]").set_input_files(large)
    await drita.page.locator("form:has(input[type=file]) button[type=submit]").click()
    await _is_told(drita, 413)
    await reader.looks_at(drita)


async def _is_told(her: Visitor, status: int) -> None:
    await expect(her.page.locator("html")).to_have_attribute("lang", her.language)
    await expect(her.heading).to_contain_text(_SAID[status][her.language])
    await expect(her.main.locator(".reference__number")).to_have_text(re.compile("^[0-9A-Z]{8}$"))
