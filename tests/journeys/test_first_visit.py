"""A first visit is light: what it takes is known by what came over the network, compressed."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import CDPSession

from i18n.text import LANGUAGES, Language
from tests.journeys.conftest import Windows

MOST = 60_000  # bytes


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_first_visit_takes_at_most_60_kb(visit: Windows, language: Language) -> None:
    anyone = await visit(language, width=360)
    received = await _bytes_received(await anyone.context.new_cdp_session(anyone.page))
    await anyone.goes_to("/")
    await anyone.page.wait_for_load_state("networkidle")
    home = sum(received)
    await anyone.goes_to("/services/birth-extract")
    await anyone.page.wait_for_load_state("networkidle")
    print(f"{language}: home {home} bytes, the next page {sum(received) - home} more")  # noqa: T201
    assert 5_000 < home <= MOST
    assert sum(received) - home <= 12_000


async def _bytes_received(browser: CDPSession) -> list[int]:
    received: list[int] = []

    def note(event: dict[str, Any]) -> None:
        received.append(int(event["encodedDataLength"]))

    browser.on("Network.loadingFinished", note)
    await browser.send("Network.enable")  # pyright: ignore[reportUnknownMemberType] - Playwright leaves it open
    return received
