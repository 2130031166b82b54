"""Every page and state, in three languages, on a desk and on the narrowest phone: everyone can read and use it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from pathlib import Path

import pytest
from playwright.async_api import expect

from i18n.text import LANGUAGES, Language
from tests.journeys.conftest import Windows
from tests.journeys.inspection import Reader, faults
from tests.journeys.people import AGIM, BESNIK, EMINE, LUAN, MILICA
from tests.journeys.processes import unlock
from tests.journeys.visitor import DECLINED_CARD, Visitor

PUBLIC = (
    "/",
    "/services",
    "/services?q=lindj",
    "/services?q=xyzzy",
    "/life-events/birth",
    "/services/birth-extract",
    "/services/residence-certificate",
    "/services/registration-renewal",
    "/verify",
    "/verify?code=12",
    "/v/0000000000000000",
    "/about",
    "/accessibility",
    "/privacy",
    "/signed-out",
    "/sign-in/return",
    "/nowhere",
    "/applications/1/rating",
)
PERSONAL = ("/applications", "/notices", "/data", "/services/birth-extract/start")
# What is one page in several states may have one title.
_SAME = ({"/services", "/services?q=xyzzy"},)


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Language:
    return request.param


@pytest.fixture
async def reader() -> AsyncIterator[Reader]:
    """Give someone who looks at page after page; what she found fails the test in the end, all at once."""
    reader = Reader()
    yield reader
    assert reader.found == []


async def test_public_pages(visit: Windows, language: Language, reader: Reader, tmp_path: Path) -> None:
    anyone = await visit(language)
    for path in PUBLIC:
        await anyone.goes_to(path)
        await reader.looks_at(anyone)
    await anyone.goes_to("/verify")
    await anyone.page.locator("form:has(input[type=file]) button[type=submit]").click()
    await reader.looks_at(anyone, ".govuk-error-summary")
    file = tmp_path / "2026.txt"
    file.write_text("–")
    await anyone.page.locator("input[type=file]").set_input_files(file)
    await reader.looks_at(anyone)
    await anyone.page.locator("form:has(input[type=file]) button[type=submit]").click()
    await reader.looks_at(anyone, ".govuk-error-summary")


async def test_pages_of_the_eid(visit: Windows, language: Language, reader: Reader) -> None:
    luan = await visit(language)
    await luan.goes_to("/applications")
    await luan.reaches("eid")
    first = luan.page.url
    await reader.looks_at(luan)
    await luan.page.locator("form:has(input[type=radio]) button[type=submit]").click()
    await reader.looks_at(luan, ".govuk-error-summary")
    await luan.says_she_is(LUAN)
    await reader.looks_at(luan)
    for _ in range(2):
        await luan.enters("0000")
        await reader.looks_at(luan, ".govuk-error-summary")
    await luan.enters("0000")
    await expect(luan.page.locator("#pin")).to_have_count(0)
    await reader.looks_at(luan)
    unlock(luan.demo, LUAN)
    await luan.page.goto(first)
    await luan.signs_in(LUAN)
    await luan.page.goto(first)
    await reader.looks_at(luan)
    for path in ("/", "/nowhere", "/oauth2/sessions/logout", "/authorize"):
        await luan.page.goto(f"{luan.demo.addresses['eid']}{path}?language={language}&ui_locales={language}")
        await reader.looks_at(luan)


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
    for path in ("/applications", "/notices", "/data", "/nowhere"):
        await milica.goes_to(path)
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


async def test_titles_tell_pages_apart_in_the_language_of_each(visit: Windows) -> None:
    titles: dict[Language, dict[str, str]] = {}
    for language in LANGUAGES:
        anyone, milica = await visit(language), await visit(language, person=MILICA)
        titles[language] = await _titles(anyone, PUBLIC)
        titles[language] |= await _titles(milica, PERSONAL)
    for of_pages in titles.values():
        for path, title in of_pages.items():
            others = {other for other, same in of_pages.items() if same == title} - {path}
            assert all({path, other} <= same for other in others for same in _SAME), f"{path} is titled as {others}"
    for path in titles["sq"]:
        assert len({titles[language][path] for language in LANGUAGES}) == len(LANGUAGES), path


async def _titles(visitor: Visitor, paths: Iterable[str]) -> dict[str, str]:
    titles: dict[str, str] = {}
    for path in paths:
        await visitor.goes_to(path)
        titles[path] = await visitor.page.title()
    return titles


async def test_a_bad_page_is_found_out(visit: Windows) -> None:
    anyone = await visit("sq")
    await anyone.goes_to("/about")
    await anyone.page.evaluate(
        """document.documentElement.lang = "en";
        document.querySelector("main").insertAdjacentHTML("beforeend",
          '<h1>Skip to main content</h1><p style="color:#ccc">Çka</p><input type="text">' +
          '<img src="data:,"><table><tr><td>' + "gjatë".repeat(200) + "</td></tr></table>")"""
    )
    anyone.forgives = True  # the style is refused by the policy, and said so
    found = " ".join(await faults(anyone.page, "sq"))
    for fault in ("lang is en", "in English", "2 main headings", "label:", "image-alt:", "px too wide"):
        assert fault in found
