"""Every macro as a person meets it in a browser: axe finds nothing, in three languages, on a phone and on a desk."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar, MediaType, Response, get
from litestar.testing import TestClient
from playwright.async_api import Browser, BrowserContext, Page, Route, async_playwright

from i18n.text import LANGUAGES, Language
from portal.assets import BUILT, NODE, build
from portal.static import static_router
from tests.browser import launch_options
from tests.unit.portal import gallery
from tests.unit.portal.english import english_on

ORIGIN = "http://gallery.test"
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'"
)
WIDTHS = (320, 1280)
Show = Callable[..., Awaitable[Page]]


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**launch_options())
        yield browser
        await browser.close()


@pytest.fixture
async def show(browser: Browser) -> AsyncIterator[Show]:
    """Open HTML under the portal's own policy, with the built assets; what the browser complains of fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    async def opened(html: str, width: int = 1280, **options: Any) -> Page:  # noqa: ANN401 - Playwright's own
        context = await browser.new_context(viewport={"width": width, "height": 800}, **options)
        contexts.append(context)
        await context.route("**/*", _answered_by(_house(html)))
        page = await context.new_page()
        page.on("console", lambda m: complaints.append(m.text) if m.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(ORIGIN)
        return page

    build.ensure()
    yield opened
    for context in contexts:
        await context.close()
    assert complaints == []


def _house(html: str) -> TestClient[Litestar]:
    @get("/", media_type=MediaType.HTML, sync_to_thread=False)
    def page() -> Response[str]:
        return Response(html, headers={"content-security-policy": CSP})

    return TestClient(Litestar([page, static_router(BUILT)]))


def _answered_by(client: TestClient[Litestar]) -> Callable[[Route], Awaitable[None]]:
    async def answer(route: Route) -> None:
        request = route.request
        given = client.request(
            request.method, request.url.removeprefix(ORIGIN), headers={"accept-encoding": "identity"}
        )
        await route.fulfill(status=given.status_code, headers=dict(given.headers), body=given.content)

    return answer


async def faults(page: Page) -> list[str]:
    """Return what axe finds; by evaluate, since the policy refuses a script tag."""
    await page.evaluate((NODE / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8"))
    found = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [f"{v['id']}: {json.dumps([n['html'][:160] for n in v['nodes']])}" for v in found["violations"]]


async def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than the window."""
    return await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.parametrize("width", WIDTHS)
async def test_every_macro_is_accessible(show: Show, width: int) -> None:
    for html in _pages("sq"):
        page = await show(html, width)
        assert await faults(page) == []
        assert await overflow(page) <= 0


@pytest.mark.parametrize("language", LANGUAGES[1:])
async def test_every_macro_is_as_narrow_in_other_words(show: Show, language: Language) -> None:
    for html in _pages(language):
        assert await overflow(await show(html, 320)) <= 0


def _pages(language: Language) -> list[str]:
    pages = [gallery.page(language), gallery.error(language, "404")]
    pages += [gallery.page(language, name) for name in gallery.WITH_H1]
    return pages + [gallery.standin(language, house) for house in ("eid", "payments")]


async def test_a_bad_page_does_not_pass(show: Show) -> None:
    page = await show(gallery.page("sq", body='<p lang="xx">Ç</p><input type="text"><img src="data:,">'))
    found = {fault.split(":")[0] for fault in await faults(page)}
    assert {"label", "image-alt", "valid-lang"} <= found


@pytest.mark.parametrize("language", ["sq", "sr"])
async def test_scripts_say_nothing_in_english_either(show: Show, language: Language) -> None:
    page = await show(gallery.page(language))
    await page.locator("#comment").fill("a" * 190)
    await page.get_by_role("button", name=re.compile("^(Shfaq|Prikaži)")).click()
    await page.locator("#file-input").set_input_files([Path(__file__), Path(gallery.__file__)])
    assert english_on(await page.content(), language) == []
    assert await page.locator(".govuk-file-upload-button__status").inner_text() in {
        "Skedarë të zgjedhur: 2",
        "Izabrano fajlova: 2",
    }


async def test_a_page_works_without_javascript(show: Show) -> None:
    page = await show(gallery.page("sq"), java_script_enabled=False)
    assert await page.locator('input[type="file"]').is_visible()
    assert not await page.locator("dialog").is_visible()
    assert await page.get_by_text("kyçja vlen deri në 15:05").is_visible()


async def test_the_icons_are_drawn_under_the_policy(show: Show) -> None:
    page = await show(gallery.page("sq", "card.life_events"))
    drawn = await page.locator(".life-event use").evaluate_all("uses => uses.map(use => use.getBBox().width > 0)")
    assert drawn == [True] * len(gallery.icons())


async def test_a_person_is_warned_before_her_session_ends(show: Show) -> None:
    html = gallery.page("sr", "layout.inset").replace('data-session-seconds="1800"', 'data-session-seconds="302"')
    page = await show(html)
    dialog = page.get_by_role("dialog")
    assert not await dialog.is_visible()
    await page.clock.install()
    await page.reload()
    await page.clock.fast_forward("00:05")
    assert await dialog.is_visible()
    assert await page.locator("[data-session-left]").inner_text() == "4:57"
    assert await faults(page) == []
    await page.clock.fast_forward("05:10")
    assert await page.get_by_role("heading", name="Odjavljeni ste").is_visible()
    assert await page.get_by_role("link", name="Prijavite se ponovo").is_visible()
    assert english_on(await page.content(), "sr") == []


async def test_focus_is_seen_on_the_dark_band(show: Show) -> None:
    page = await show(gallery.page("sq", "layout.inset"))
    link = page.get_by_role("link", name="Kërkesat e mia")
    await link.focus()
    assert await link.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(255, 221, 0)"
