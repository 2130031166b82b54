"""The register of addresses dies while people apply: they notice one line, send, and go on when it is back."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.async_api import expect

from tests.journeys import inspection
from tests.journeys.conftest import Windows
from tests.journeys.people import EMINE, MILICA
from tests.journeys.visitor import Visitor
from tests.parties import Demo


@pytest.fixture
def silent(demo: Demo) -> Iterator[httpx.Client]:
    """Put the register of addresses out of order; `delete` at its address mends it, and so does the test's end."""
    url = f"{demo.addresses['registers']}/operator/api/faults/addresses"
    with httpx.Client(base_url=url, trust_env=False) as operator:
        assert operator.put("", json={"kind": "down"}).is_success
        yield operator
        operator.delete("")


async def looks(visitor: Visitor, name: str) -> None:
    """See that the page is whole: accessible, not wider than the window, without a word of another language."""
    if visitor.scripted:
        assert await inspection.axe(visitor.page) == []
        assert await inspection.overflow(visitor.page) == 0
    if folder := os.environ.get("SCREENSHOTS"):
        await visitor.page.screenshot(path=Path(folder) / f"{name}-{visitor.language}.png", full_page=True)


async def test_milica_on_her_phone_sends_pays_later_and_gets_it(visit: Windows, silent: httpx.Client) -> None:
    milica = await visit("sr", width=360, person=MILICA)
    await milica.starts("residence-certificate")
    await milica.chooses("self")
    await looks(milica, "silent-question")
    await expect(milica.page.locator("#silent")).to_contain_text("Registar adresa: trenutno ne odgovara")
    await milica.chooses("bank")
    await looks(milica, "silent-check")
    await milica.sends()
    await milica.reaches("portal", "/applications/[0-9a-f-]{36}")
    await expect(milica.main).to_contain_text("Čeka se registar")
    await looks(milica, "silent-sent")
    assert (await asyncio.to_thread(silent.delete, "")).is_success
    application = milica.path
    for _look in range(100):
        await milica.goes_to(application)
        if await milica.page.locator('form[action$="/payment"]').count():
            break
        await milica.page.wait_for_timeout(500)
    await looks(milica, "silent-answered")
    await milica.press("payment")
    await milica.pays_by_card()
    await milica.waits_for_the_document()


async def test_emine_without_javascript_says_what_is_wrong_and_takes_it_back(
    visit: Windows, silent: httpx.Client
) -> None:
    emine = await visit("sq", person=EMINE, scripted=False)
    await emine.starts("residence-certificate")
    await emine.chooses("bank")
    await emine.page.locator('main a[href$="/correction"]').first.click()
    await emine.reaches("portal", "/correction")
    await looks(emine, "wrong-empty")
    await emine.press("correction")
    await expect(emine.page.get_by_role("alert")).to_be_visible()
    await emine.page.locator("#text").fill("Data e lindjes është 14 maj.")
    await emine.press("correction")
    await emine.reaches("portal", "/check")
    await expect(emine.main).to_contain_text("Ju thatë se kjo është gabim: C-")
    await looks(emine, "wrong-marked")
    await emine.sends()
    await expect(emine.main).to_contain_text("Në pritje të regjistrit")
    await looks(emine, "wrong-sent")
    await emine.goes_to(f"{emine.path}/withdrawal")
    await emine.press("withdrawal")
    await emine.reaches("portal", "/applications")
