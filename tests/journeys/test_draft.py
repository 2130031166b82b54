"""A draft: kept at every step, on every device, in every language, and nobody else's."""

from __future__ import annotations

import re

from playwright.async_api import expect

from i18n.text import Language
from tests.journeys.conftest import Windows
from tests.journeys.people import ARTA, DRITA, MILICA
from tests.journeys.visitor import Visitor


async def test_a_draft_goes_on_in_another_language_and_on_another_device(visit: Windows) -> None:
    desk = await visit("sr", person=MILICA)
    await desk.starts("residence-certificate")
    await desk.chooses("self", "other")
    await desk.main.get_by_role("textbox").fill("Za vrtić")
    for language in ("en", "sr"):
        await desk.switches_to(language)
        await expect(desk.main.get_by_role("textbox")).to_have_value("Za vrtić")
    await desk.saves()
    await desk.reaches("portal", "/check")
    phone = await visit("sr", width=360)
    await phone.goes_to("/applications")
    await phone.signs_in(MILICA)
    await phone.main.get_by_role("link", name="Uverenje o prebivalištu").first.click()
    await phone.main.get_by_role("button", name="Nastavite").click()
    await phone.reaches("portal", "/check")
    await expect(phone.main).to_contain_text("Za vrtić")
    await phone.sends()
    await phone.pays_by_card()
    await phone.waits_for_the_document()
    await desk.press("submission")
    await desk.reaches("portal", "/applications/[0-9a-f-]{36}")
    await expect(desk.document).to_be_visible()


async def test_what_one_tab_changed_the_other_must_see_before_sending(visit: Windows) -> None:
    first = await visit("sr", person=MILICA)
    await first.starts("residence-certificate")
    await first.chooses("self", "bank")
    await first.reaches("portal", "/check")
    second = await first.another_tab()
    await second.resumes("residence-certificate")
    await second.main.locator('a[href$="/sections/purpose"]').click()
    await second.chooses("court")
    await first.press("submission")
    await expect(first.main).to_contain_text("u međuvremenu")
    await expect(first.main.locator(".reference__number")).to_have_text(re.compile("^[0-9A-Z]{8}$"))
    await first.switches_to("en")
    await first.reaches("portal", "/check")
    await first.switches_to("sr")
    await expect(first.main).to_contain_text("Sud")
    await first.sends()
    await first.reaches("payments")


async def test_a_draft_is_thrown_away_only_when_she_means_it(visit: Windows) -> None:
    arta = await visit("sq", person=ARTA)
    await arta.starts("birth-extract")
    own = re.sub("/sections.*", "", arta.path)
    await arta.goes_to(own)
    await arta.main.get_by_role("link", name="Fshijeni këtë draft").click()
    await expect(arta.heading).to_have_text("Ta fshijmë këtë draft?")
    await arta.main.get_by_role("button", name="Jo, le të mbetet").click()
    await arta.main.get_by_role("link", name="Fshijeni këtë draft").click()
    await arta.press("withdrawal")
    await arta.reaches("portal", "/applications")
    await expect(arta.main.locator(f'a[href^="{own}"]')).to_have_count(0)


async def test_a_stranger_meets_nothing(visit: Windows) -> None:
    arta = await visit("sq", person=ARTA)
    await arta.starts("birth-extract")
    own = re.sub("/sections.*", "", arta.path)
    drita = await visit("sq", person=DRITA)
    for path in ("", "/sections/whom", "/check", "/document"):
        answer = await drita.goes_to(own + path)
        assert answer.status == 404
        await expect(drita.heading).to_have_text("Faqja nuk u gjet")
    stranger = await visit("sq")
    await stranger.goes_to(own)
    await stranger.reaches("eid")


async def test_a_language_is_switched_at_every_step_and_nothing_is_lost(visit: Windows) -> None:
    arta = await visit("sq")
    await arta.goes_to("/services?q=vendbanim")
    await _in_every_language(arta, "/services")
    await arta.goes_to("/services/residence-certificate")
    await _in_every_language(arta, "/services/residence-certificate")
    await arta.page.locator(".govuk-button--start").click()
    await arta.reaches("eid")
    await _in_every_language(arta, None)
    await arta.says_she_is(ARTA)
    await _in_every_language(arta, None)
    await arta.proves_it(ARTA)
    await arta.reaches("portal", "/start")
    await _in_every_language(arta, "/services/residence-certificate/start")
    await arta.starts("residence-certificate")
    await _in_every_language(arta, "/sections/whom")
    await arta.chooses("self", "other")
    await arta.saves()
    await expect(arta.page.get_by_role("alert")).to_be_visible()
    await _in_every_language(arta, "/sections/purpose-other")
    await arta.main.get_by_role("textbox").fill("Për klubin e shahut")
    await arta.saves()
    await arta.reaches("portal", "/check")
    await _in_every_language(arta, "/check", "Për klubin e shahut")
    await arta.sends()
    await arta.waits_for_the_document()
    await _in_every_language(arta, arta.path)


async def test_a_payment_is_made_in_the_language_that_was_switched_to(visit: Windows) -> None:
    milica = await visit("sq", person=MILICA)
    await milica.starts("birth-extract")
    await milica.chooses("self")
    await milica.switches_to("sr")
    await milica.sends()
    await milica.reaches("payments")
    await expect(milica.page.locator("html")).to_have_attribute("lang", "sr")
    await _in_every_language(milica, None)
    await milica.pays_by_card()
    await milica.waits_for_the_document()


async def _in_every_language(visitor: Visitor, path: str | None, text: str = "") -> None:
    """Switch through all languages, stay on the page, and return to the language of before."""
    first: Language = visitor.language
    others: tuple[Language, ...] = ("sr", "en", "sq") if first == "sq" else ("en", "sq", "sr")
    for language in others:
        await visitor.switches_to(language)
        if path is not None:
            assert visitor.path.endswith(path)
        await expect(visitor.main).to_contain_text(text)
    assert visitor.language == first
