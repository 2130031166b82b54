"""Someone at a browser: what she does on the portal's pages and on those of the eID and the payment provider.

Her acts name what a page is for, not its words, so that the same journey is walked in every language.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, Locator, Page, Response, expect

from i18n.text import Language
from tests.journeys.people import Person
from tests.parties import Demo

CARD = {"number": "4242 4242 4242 4242", "expiry": "12/30", "cvc": "123"}
DECLINED_CARD = CARD | {"number": "4000 0000 0000 0002"}


@dataclass(slots=True)
class Visitor:
    """A person in front of a page.

    `scripted`: whether her browser runs JavaScript; `forgives`: whether a test looks over what the browser complains
    of; `clicks`: how often she presses a button of the portal or the payment provider.
    """

    demo: Demo
    context: BrowserContext
    page: Page
    language: Language
    scripted: bool = True
    forgives: bool = False
    clicks: int = 1
    complaints: list[str] = field(default_factory=list[str])

    @property
    def path(self) -> str:
        """The address that she is at, without host and language."""
        path = urlsplit(self.page.url).path
        return path[3:] if self.is_at_the("portal") else path

    @property
    def main(self) -> Locator:
        """What the page is about, without header and footer."""
        return self.page.locator("main")

    @property
    def heading(self) -> Locator:
        """The page's one main heading."""
        return self.page.locator("h1")

    def is_at_the(self, party: str) -> bool:
        """Tell whose page she is at: portal, eid, payments."""
        return self.page.url.startswith(self.demo.addresses[party] + "/")

    async def reaches(self, party: str, path: str = "") -> None:
        """Wait until she is at a party's page, whose path ends as said."""
        there = re.escape(self.demo.addresses[party])
        await self.page.wait_for_url(re.compile(rf"^{there}(?=/)[^?#]*{path}(\?.*|#.*)?$"))

    async def goes_to(self, path: str) -> Response:
        """Open a page of the portal in her language."""
        answer = await self.page.goto(f"{self.demo.url}/{self.language}{path}")
        assert answer is not None
        return answer

    async def another_tab(self) -> Visitor:
        """Give her a second tab of the same browser."""
        return replace(self, page=await self.context.new_page())

    async def switches_to(self, language: Language) -> None:
        """Choose another language in the page's header."""
        await self.page.locator(f'nav.languages a[hreflang="{language}"]').click()
        await self.page.wait_for_function("language => document.documentElement.lang === language", arg=language)
        self.language = language

    async def loses_her_session(self) -> None:
        """Drop the portal's cookie, as a browser does that was closed, or as time does."""
        await self.context.clear_cookies(name=re.compile("portal-session$"))

    # At the eID.

    async def signs_in(self, person: Person) -> None:
        """Choose a person of the list, prove it with her phone or card, and come back."""
        await self.says_she_is(person)
        await self.proves_it(person)
        await self.reaches("portal")

    async def says_she_is(self, person: Person) -> None:
        """Choose a person of the eID's list, or type her number, and open her phone when it is asked."""
        await self.reaches("eid")
        if person.listed:
            await self.page.get_by_role("radio", name=person.name).check()
        else:
            await self.page.locator("#personal_number").fill(person.number)
        await self.page.locator(f'input[name=means][value="{person.means}"]').check()
        await self.page.locator("form:has(input[type=radio]) button[type=submit]").click()
        await self.reaches("eid", f"/{person.means}")
        phone = self.page.locator('a[href^="/phone/requests/"]')
        if await phone.count():
            await phone.click()
            await self.reaches("eid", "/phone/requests/[0-9a-f-]{36}")

    async def proves_it(self, person: Person) -> None:
        """Give the PIN that is asked for; from her phone, go back to where she began."""
        await self.enters(person.pin)
        if person.means == "phone":
            await self.page.locator('a.govuk-button[href^="/sign-in/"]').click()

    async def enters(self, pin: str) -> None:
        """Type a PIN and send it."""
        await self.page.locator("#pin").fill(pin)
        await self.page.locator("form:has(#pin) button[type=submit]").click()

    async def signs_out(self) -> None:
        """Press the header's button, which signs her out of the eID too."""
        await self.press("sign-out")
        await self.reaches("portal", "/signed-out")

    # Applying.

    async def starts(self, service: str, person: Person | None = None) -> None:
        """Go from a service's page to the first question or the check, signing in on the way when she has to.

        What a test before left unfinished of this service is thrown away.
        """
        await self._begins(service, person)
        while not await self.is_fresh():
            await self.deletes_the_draft()
            await self._begins(service, None)

    async def resumes(self, service: str, person: Person | None = None) -> None:
        """Go from a service's page on with what is begun of it."""
        await self._begins(service, person)

    async def _begins(self, service: str, person: Person | None) -> None:
        await self.goes_to(f"/services/{service}")
        await self.page.locator(".govuk-button--start").click()
        if person:
            await self.signs_in(person)
        await self.reaches("portal", "/start")
        await self.press(f"services/{service}/applications")
        await self.reaches("portal", "/(sections/[a-z-]+|check)")

    async def is_fresh(self) -> bool:
        """Tell whether nothing is answered yet: the first step of all, or a check without answers."""
        back = await self.page.get_attribute(".govuk-back-link", "href")
        return back == f"/{self.language}/applications"

    async def deletes_the_draft(self) -> None:
        """Throw away the application that she is at."""
        await self.goes_to(re.sub(r"^(/applications/[^/]+).*", r"\1/withdrawal", self.path))
        await self.press("withdrawal")
        await self.reaches("portal", "/applications")

    async def chooses(self, *values: str) -> None:
        """Answer one page of questions after another by the values of their options."""
        for value in values:
            before = self.page.url
            await self.page.locator(f'main input[type=radio][value="{value}"]').check()
            await self.saves()
            await expect(self.page).not_to_have_url(before)

    async def saves(self) -> None:
        """Press the button of a page of questions."""
        button = self.page.locator('main form[action*="/sections/"] button[type=submit]:not([name]):not([aria-hidden])')
        await button.click(click_count=self.clicks)

    async def sends(self) -> None:
        """Press the button of the check page."""
        await self.reaches("portal", "/check")
        await self.press("submission")

    async def press(self, act: str) -> None:
        """Press the button of the form that leads to `act`."""
        await self.page.locator(f'form[action$="/{act}"] button[type=submit]').click(click_count=self.clicks)

    # Signing.

    async def prepares_to_sign(self) -> str:
        """Have the application prepared and return the digits to compare."""
        await self.reaches("portal", "/signature")
        await self.press("signature/preparation")
        digits = self.page.locator("#digits")
        await expect(digits).to_be_visible()
        return await digits.inner_text()

    async def goes_to_sign(self, means: Literal["phone", "card"] = "phone") -> None:
        """Go to the eID, compare the digits there, and go where PIN2 is asked for: on her phone, or of her card."""
        digits = (await self.prepares_to_sign()).replace(" ", "").lower()
        await self.press("signature")
        await self.reaches("eid")
        shown = (await self.main.inner_text()).replace(" ", "").lower()
        assert digits in shown, f"{digits} are not shown at the eID"
        if means == "card":
            await self.page.locator('a.govuk-button[href*="/card?"]').click()
            await self.reaches("eid", "/card")
            return
        await self.page.locator('form[action*="/phone?"] button[type=submit]').click()
        await self.page.locator('a[href^="/phone/requests/"]').click()
        await self.reaches("eid", "/phone/requests/[0-9a-f-]{36}")

    async def signs(self, person: Person) -> None:
        """Sign what she sent, with PIN2 on her phone, and come back."""
        await self.goes_to_sign()
        await self.enters(person.pin[0] * 5)
        await self.page.locator('a.govuk-button[href^="/signature/"]').click()
        await self.reaches("portal", "/(signature|[0-9a-f-]{36})")

    async def waits_until_signed(self, words: str) -> None:
        """Watch the page until the signature is in the document and what comes next is there."""
        for _ in range(0 if self.scripted else 200):
            if await self.page.locator(words).count():
                break
            await self.page.reload()
        await expect(self.page.locator(words)).to_be_visible(timeout=20_000)

    # At the payment provider.

    async def pays_by_card(self, **typed: str) -> None:
        """Fill in the card and pay; comes back to the application."""
        await self.reaches("payments")
        for name, value in (CARD | typed).items():
            await self.page.locator(f"#{name}").fill(value)
        await self.page.locator("form:has(#number) button[type=submit]").click(click_count=self.clicks)
        await self.reaches("portal", "/applications/[0-9a-f-]{36}")

    async def pays_by_bank(self, answer: str = "confirm") -> None:
        """Go to the first bank and confirm there, or let it decline."""
        await self.reaches("payments")
        await self.page.locator("#bank").check()
        await self.page.locator("form:has(#bank) button[type=submit]").click(click_count=self.clicks)
        await self.page.locator(f'button[name=answer][value="{answer}"]').click(click_count=self.clicks)
        await self.reaches("portal", "/applications/[0-9a-f-]{36}")

    async def gives_up_paying(self) -> None:
        """Press the provider's way back."""
        await self.reaches("payments")
        await self.page.locator('form[action*="/cancellation"] button[type=submit]').click(click_count=self.clicks)
        await self.reaches("portal", "/applications/[0-9a-f-]{36}")

    # What she receives.

    @property
    def document(self) -> Locator:
        """The link to her document, there once it is issued."""
        return self.page.locator('a[href$="/document"]')

    async def waits_for_the_document(self, seconds: int = 20) -> None:
        """Watch the page until the document is there; without JavaScript, follow its link to look again."""
        for _ in range(0 if self.scripted else 200):
            if await self.document.count():
                break
            await self.main.locator(f'a[href$="{self.path}"]').click()
        await expect(self.document).to_be_visible(timeout=seconds * 1000)

    async def finds_a_message_about(self, reference: str) -> Locator:
        """Open her inbox until the message about an application is there, and return it."""
        message = self.page.locator(".inbox__item").filter(has_text=reference)
        for _ in range(100):
            await self.goes_to("/notices")
            if await message.count():
                break
            await self.page.wait_for_timeout(100)
        return message

    async def downloads(self, to: Path) -> Path:
        """Save her document in a folder and return the file."""
        async with self.page.expect_download() as coming:
            await self.document.click()
        download = await coming.value
        file = to / download.suggested_filename
        await download.save_as(file)
        return file
