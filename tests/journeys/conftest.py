"""What the journeys share: a demo, a browser, people at its windows, and an ear for what the browser complains of."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Request, StorageState, async_playwright

from i18n.text import LANGUAGES, Language
from tests.browser import launch_options
from tests.journeys.inspection import Reader
from tests.journeys.people import EVERYONE, Person
from tests.journeys.visitor import Visitor
from tests.parties import Demo

_PATIENCE = 15_000.0  # milliseconds
_PHONE = 600  # pixels: whatever is narrower is held in a hand


@dataclass(slots=True)
class Windows:
    """Opens browser windows on the demo and keeps the sign-ins, to be used again by the next test."""

    demo: Demo
    browser: Browser
    states: dict[Person, StorageState] = field(default_factory=dict[Person, StorageState])
    open: list[Visitor] = field(default_factory=list[Visitor])

    async def __call__(
        self,
        language: Language = "sq",
        *,
        width: int = 1280,
        scripted: bool = True,
        person: Person | None = None,
    ) -> Visitor:
        """Return someone at a new window; `person` is signed in there already, by a session that tests share."""
        if person and person not in self.states:
            arriving = await self._opened(language, 1280, None, scripted=True)
            await arriving.goes_to("/applications")
            await arriving.signs_in(person)
            self.states[person] = await arriving.context.storage_state()
        return await self._opened(language, width, self.states[person] if person else None, scripted=scripted)

    async def close(self) -> list[str]:
        """Close all windows; return what the browser complained of, but in those that forgive."""
        closed, self.open = self.open, []
        for visitor in closed:
            await visitor.context.close()
        return [complaint for visitor in closed if not visitor.forgives for complaint in visitor.complaints]

    async def _opened(self, language: Language, width: int, state: StorageState | None, *, scripted: bool) -> Visitor:
        is_phone = width < _PHONE
        context = await self.browser.new_context(
            viewport={"width": width, "height": 800},
            is_mobile=is_phone,
            has_touch=is_phone,
            java_script_enabled=scripted,
            storage_state=state,
            locale={"sq": "sq-AL", "sr": "sr-Latn", "en": "en-GB"}[language],
        )
        context.set_default_timeout(_PATIENCE)
        visitor = Visitor(self.demo, context, await context.new_page(), language, scripted=scripted)
        _listen(context, visitor.complaints)
        self.open.append(visitor)
        return visitor


@pytest.fixture(scope="session")
async def windows(demo: Demo) -> AsyncIterator[Windows]:
    """Give the one Chromium of all journeys."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**launch_options())
        yield Windows(demo, browser)
        await browser.close()


@pytest.fixture
async def visit(windows: Windows) -> AsyncIterator[Windows]:
    """Give what opens windows for one test; it fails when a browser complained or an address named a person."""
    yield windows
    assert await windows.close() == []


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Language:
    """Give each language in turn."""
    return request.param


@pytest.fixture
async def reader(request: pytest.FixtureRequest) -> AsyncIterator[Reader]:
    """Give someone who looks at page after page; what she found fails the test in the end, all at once."""
    is_repeated = "language" in request.fixturenames and request.getfixturevalue("language") != LANGUAGES[0]
    reader = Reader(with_axe=not is_repeated)
    yield reader
    assert reader.found == []


def _listen(context: BrowserContext, complaints: list[str]) -> None:
    def hear(said: ConsoleMessage) -> None:
        if _is_bad(said):
            complaints.append(f"{said.page.url if said.page else ''}: {said.text}")

    context.on("console", hear)
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    context.on("request", lambda request: complaints.extend(_named(request)))


def _is_bad(said: ConsoleMessage) -> bool:
    # A page that is refused is told of in the console too: such pages are what some journeys are about.
    is_refused_page = said.text.startswith("Failed to load resource") and "/assets/" not in said.location["url"]
    return said.type in {"error", "warning"} and not is_refused_page


def _named(request: Request) -> list[str]:
    return [f"{person.name} is named in {request.url}" for person in EVERYONE if person.number in request.url]
