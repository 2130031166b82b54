"""The page on which people type their PIN for SignBox: apart from all others, and there only where it is set."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, cast

import axe_playwright_python
from playwright.async_api import Page, async_playwright

from i18n.text import LANGUAGES, Language
from tests.browser import launch_options
from tests.rooms.portal.boxed import (
    CANARY,
    SECRETS,
    Signers,
    arta,
    code_on_the_phone,
    comes_to_sign,
    digits_of,
    has_a_code,
    new_signer,
)
from tests.rooms.portal.sheets import withdraws
from tests.rooms.portal.visitor import ARTA, Visitor, forms
from tests.unit.portal.english import english_on

__all__ = ["arta", "new_signer"]  # fixtures

AXE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text()
_NAMES = {"English", "DEMO"}


async def test_the_page_stands_apart(arta: Visitor) -> None:
    page = await comes_to_sign(arta)
    asks, _code = await has_a_code(arta, page)
    for shown in (page, asks, await arta.send(asks, "/authorisation", CANARY)):
        policy = dict(part.strip().split(" ", 1) for part in shown.headers["content-security-policy"].split(";"))
        assert policy["default-src"] == "'none'"
        assert policy["form-action"] == "'self'", "no form leads away"
        assert not {"script-src", "connect-src"} & set(policy)
        assert shown.headers["cache-control"] == "no-store"
        assert "<script" not in shown.text
        assert "hx-" not in shown.text
        assert all(form.action.partition("?")[0].startswith(page.url.path) for form in forms(shown))
        assert shown.text.count('type="password"') == shown.text.count('autocomplete="off" inputmode') + 1
        assert not re.search(r'type="password"[^>]*value=', shown.text)
        assert ARTA not in shown.text
        for told in ("Arta Krasniqi", digits_of(page)[:4], "/signature/sheet"):
            assert told in shown.text
    await withdraws(arta, asks)


async def test_without_the_setting_there_is_no_such_page(arta: Visitor, new_visitor: Signers) -> None:
    page = await comes_to_sign(arta)
    plain = new_visitor()
    await plain.signs_in(ARTA)
    address = page.url.path
    assert (await plain.get(address)).status_code == 404
    token = re.search(r'name="_csrf_token" value="([^"]+)"', (await plain.get("/sq/applications")).text)
    assert token
    for each in (address, f"{address}/authorisation"):
        assert (await plain.http.post(each, data={"_csrf_token": token[1]})).status_code == 404
    shown = await plain.get(address.removesuffix("/code"))
    assert [form for form in forms(shown) if form.action.endswith("/preparation")]
    assert f'href="{address}"' not in shown.text
    assert "nuk arrijnë kurrë" in (await plain.get("/sq/privacy")).text
    assert "kalojnë përmes tij" in (await arta.get("/sq/privacy")).text
    await withdraws(arta, page)


async def test_in_chromium_it_is_whole_in_every_language_and_signs_without_a_script(arta: Visitor) -> None:
    page = await comes_to_sign(arta)
    path = page.url.path.removeprefix("/sq")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**launch_options())
        context = await browser.new_context(viewport={"width": 320, "height": 800})
        cookies = [{"name": name, "value": value, "url": arta.portal} for name, value in arta.cookies.items()]
        await context.add_cookies(cast("Any", cookies))
        shown, complaints = await context.new_page(), list[str]()
        shown.on("console", lambda said: complaints.append(said.text))
        for language in LANGUAGES:
            await shown.goto(f"{arta.portal}/{language}{path}")
            assert await _faults(shown, language) == []
        await shown.fill("#password", SECRETS[ARTA]["password"])
        await shown.keyboard.press("Enter")
        await shown.wait_for_selector("#code")
        assert await _faults(shown, "en") == []
        await shown.press("#code", "Enter")
        await shown.wait_for_selector(".govuk-error-summary")
        assert await _faults(shown, "en") == []
        for name, typed in (*SECRETS[ARTA].items(), ("code", await code_on_the_phone(arta, ARTA, page))):
            await shown.fill(f"#{name}", typed)
        await shown.keyboard.press("Enter")
        await shown.wait_for_url("**/signature")
        assert [each for each in complaints if "422" not in each] == []
        await browser.close()
    await withdraws(arta, page)


async def _faults(page: Page, language: Language) -> list[str]:
    """Return what axe finds, whether the page is too wide, and English where none should be."""
    await page.evaluate(AXE)
    found: list[dict[str, Any]] = (await page.evaluate("axe.run()"))["violations"]
    wide = await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    said = [*(f"{one['id']}: {one['nodes'][0]['html']}" for one in found), *(["too wide"] if wide else [])]
    english = english_on(await page.content(), language) if language != "en" else []
    return said + [text for text in english if text not in _NAMES]
