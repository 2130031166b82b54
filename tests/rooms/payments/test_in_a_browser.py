"""The hosted page as a payer meets it: in Chromium, on a phone and a desk, in three languages, without JavaScript."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.async_api import Browser, Page, async_playwright
from uuid_utils.compat import uuid4

from i18n.text import LANGUAGES, Language
from payments import ledger
from payments.gateway import Gateway
from payments.money import Money
from payments.payment import Opened, State
from portal.database import Database
from tests.browser import launch_options

from .conftest import Merchant
from .people import BIRTH_EXTRACT, now

AXE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text()
WIDTHS = (320, 1280)
Open = Callable[[Language], Awaitable[Opened]]


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    """Give a real Chromium."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**launch_options())
        yield browser
        await browser.close()


@pytest.fixture
def opened(database: Database, gateway: Gateway, merchant: Merchant) -> Open:
    """Give a function: open a payment that leads back to a page of the merchant."""

    async def open_in(language: Language) -> Opened:
        async with database.transaction() as connection:
            payment = await ledger.prepare(connection, uuid4(), Money(250), BIRTH_EXTRACT, now())
        return await gateway.open(payment, language, f"{merchant.origin}/{language}/back", "2026-00017")

    return open_in


async def complaints(page: Page) -> list[str]:
    """Return what axe finds on the page, and whether it is wider than its window."""
    await page.evaluate(AXE)
    found: list[dict[str, Any]] = (await page.evaluate("axe.run()"))["violations"]
    wide = await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return [*(f"{one['id']}: {one['nodes'][0]['html']}" for one in found), *(["too wide"] if wide else [])]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
async def test_every_step_can_be_read_and_used_by_everyone(
    opened: Open, merchant: Merchant, browser: Browser, language: Language, width: int
) -> None:
    there = await opened(language)
    page = await browser.new_page(viewport={"width": width, "height": 800})
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if "Content Security" in said.text else None)
    await page.goto(there.pay_url)
    assert await complaints(page) == []
    await page.fill("#number", "4242 4242 4242 4243")
    await page.click("form[action*='/card'] button")
    assert await complaints(page) == []
    assert await page.input_value("#number") == "4242 4242 4242 4243"
    await page.check("#bank-2")
    await page.click("form[action*='/bank'] button")
    assert await complaints(page) == []
    await page.click("button[value=confirm]")
    await page.wait_for_url(f"{merchant.origin}/{language}/back")
    await page.goto(there.pay_url)
    assert await complaints(page) == []
    assert faults == []
    await page.close()


async def test_axe_would_find_a_fault(opened: Open, browser: Browser) -> None:
    there = await opened("sq")
    page = await browser.new_page()
    await page.goto(there.pay_url)
    await page.evaluate("document.querySelector('label[for=number]').remove()")
    assert any(fault.startswith("label:") for fault in await complaints(page))
    await page.close()


async def test_a_double_click_leads_back_and_pays_once(
    opened: Open, gateway: Gateway, merchant: Merchant, browser: Browser
) -> None:
    there = await opened("en")
    page = await browser.new_page()
    await page.goto(there.pay_url)
    for field, typed in (("#number", "4242424242424242"), ("#expiry", "12/40"), ("#cvc", "123")):
        await page.fill(field, typed)
    await page.dblclick("form[action*='/card'] button")
    await page.wait_for_url(f"{merchant.origin}/en/back")
    assert (await gateway.read(there.provider_id)).state is State.PAID
    await asyncio.to_thread(merchant.wait_for, there.provider_id)
    await page.close()


async def test_without_javascript_one_can_pay_and_give_up(
    opened: Open, gateway: Gateway, merchant: Merchant, browser: Browser
) -> None:
    context = await browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    for step, state in (("card", State.PAID), ("cancellation", State.CANCELLED)):
        there = await opened("sr")
        page = await context.new_page()
        await page.goto(there.pay_url)
        for field, typed in (("#number", "4242424242424242"), ("#expiry", "12/40"), ("#cvc", "123")):
            await page.fill(field, typed)
        await page.click(f"form[action*='/{step}'] button")
        await page.wait_for_url(f"{merchant.origin}/sr/back")
        assert (await gateway.read(there.provider_id)).state is state
    await context.close()
