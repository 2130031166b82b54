"""Every page and state, in three languages, on a desk and on the narrowest phone: everyone can read and use it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from playwright.async_api import expect

from i18n.text import LANGUAGES, Language
from tests.journeys.conftest import Windows
from tests.journeys.inspection import Reader, faults
from tests.journeys.people import LUAN, MILICA
from tests.journeys.processes import unlock
from tests.journeys.visitor import Visitor

PUBLIC = (
    "/",
    "/services",
    "/services?q=lindj",
    "/services?q=xyzzy",
    "/services?q=birth+vendxnxxmit",
    "/life-events/birth",
    "/services/birth-extract",
    "/services/residence-certificate",
    "/services/registration-renewal",
    "/services/business-certificate",
    "/verify",
    "/verify?code=12",
    "/v/0000000000000000",
    "/about",
    "/accessibility",
    "/privacy",
    "/signed-out",
    "/sign-in/return",
    "/nowhere",
)
PERSONAL = ("/applications", "/notices", "/data", "/services/birth-extract/start")
# What is one page in several states may have one title.
_SAME = ({"/services", "/services?q=xyzzy", "/services?q=birth+vendxnxxmit"},)


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
    await luan.page.goto(first.replace("?", "/qr?"))
    await reader.looks_at(luan)
    await luan.page.goto(first)
    await luan.says_she_is(LUAN)
    phone = luan.page.url
    await reader.looks_at(luan)
    await luan.page.goto(first.replace("?", "/phone?"))
    await reader.looks_at(luan)
    await luan.page.goto(phone)
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
    for path in (
        "/phone",
        "/phone/unlocking",
        "/card",
        "/phone/owner",
        "/",
        "/nowhere",
        "/oauth2/sessions/logout",
        "/authorize",
    ):
        await luan.page.goto(f"{luan.demo.addresses['eid']}{path}?language={language}&ui_locales={language}")
        await reader.looks_at(luan)


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
