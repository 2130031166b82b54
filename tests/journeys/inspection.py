"""Looks at a page as a strict reader would: axe, width, language, title, headings, and English where none should be."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from playwright.async_api import Page, expect

from i18n.text import Language
from portal.assets import NODE
from tests.journeys.visitor import Visitor
from tests.unit.portal.english import english_on

WIDTHS = (1280, 320)
_AXE = NODE / "node_modules" / "axe-core" / "axe.min.js"  # built with the assets, by the first test that needs them
# What is the same in every language: names of the demo's people, places, streets and banks, and of techniques.
_NAMES = re.compile(r"^(Banka Demo \w+|English|JavaScript|DEMO|Kosovo( Polje)?|Mark Isaku.*)$")


@dataclass(slots=True)
class Reader:
    """Looks at page after page and notes what is wrong with each.

    `with_axe`: with all that axe knows. Once is enough for a page that is read in three languages: what differs there
    is the words, whether they are of the language, and how wide they make the page.
    """

    with_axe: bool = True
    found: list[str] = field(default_factory=list[str])

    async def looks_at(self, visitor: Visitor, shown: str = "h1") -> None:
        """Note the faults of the page that someone is at, once `shown` is there."""
        await expect(visitor.page.locator(shown).first).to_be_visible()
        await visitor.page.wait_for_load_state()
        self.found += await faults(visitor.page, visitor.language, with_axe=self.with_axe)


async def axe(page: Page, *, styles: bool = True) -> list[str]:
    """Return what axe finds; by evaluate, since the policy refuses a script tag. `styles`: it reads them too."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(_AXE.read_text("utf-8"))
    options = {"resultTypes": ["violations"], "preload": styles}
    found = await page.evaluate("options => axe.run(document, options)", options)
    return [f"{v['id']}: {json.dumps([n['html'][:160] for n in v['nodes']])}" for v in found["violations"]]


async def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than the window."""
    return await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


async def faults(page: Page, language: Language, *, with_axe: bool = True) -> list[str]:
    """Return what is wrong with the page, on a desk and on the narrowest phone, each with the page's address."""
    found = [f"lang is {said}" for said in [await page.get_attribute("html", "lang")] if said != language]
    found += _english(await page.content(), language)
    if (count := await page.locator("h1").count()) != 1:
        found.append(f"{count} main headings")
    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": 800})
        if with_axe:
            found += [f"at {width} px: {fault}" for fault in await axe(page, styles=width == WIDTHS[0])]
        if (wider := await overflow(page)) > 0:
            found.append(f"at {width} px: {wider} px too wide")
    await page.set_viewport_size({"width": WIDTHS[0], "height": 800})
    return [f"{page.url}: {fault}" for fault in found]


def _english(html: str, language: Language) -> Iterable[str]:
    if language == "en":
        return []
    return [f"in English: {text}" for text in english_on(html, language) if not _NAMES.match(text)]
