"""Whatever dies between two steps, by kill -9, nobody loses anything and the journey ends with a document."""

from __future__ import annotations

import re

from playwright.async_api import expect

from tests.journeys.conftest import Windows
from tests.journeys.people import ARTA, BESNIK, EMINE, MILICA, Person
from tests.journeys.processes import PARTIES, away, kill
from tests.journeys.visitor import Visitor

ALL = (*PARTIES, "postgres")
LONG = 60  # seconds: processes come back, and tasks are tried again


async def test_a_journey_outlives_a_death_at_every_step(visit: Windows) -> None:
    emine = await visit("sq", person=EMINE)
    emine.forgives = True  # the browser complains of who is dead
    await emine.starts("residence-certificate")
    await kill(emine.demo, "registers")
    await emine.chooses("other")
    await emine.main.get_by_role("textbox").fill("Për klubin e shahut")
    await kill(emine.demo, "postgres")
    await emine.saves()
    await emine.reaches("portal", "/check")
    await expect(emine.main).to_contain_text("Për klubin e shahut")
    await kill(emine.demo, "portal")
    await emine.sends()
    await emine.reaches("payments")
    await kill(emine.demo, "payments")
    await emine.pays_by_card()
    await kill(emine.demo, "worker")
    await emine.waits_for_the_document(LONG)
    await kill(emine.demo, "eid")
    await emine.signs_out()
    await emine.goes_to("/applications")
    await emine.signs_in(EMINE)
    visit.states.pop(EMINE)


async def test_all_die_at_once_while_milica_pays(visit: Windows) -> None:
    milica = await _at_the_provider(visit, MILICA)
    await kill(milica.demo, *ALL)
    await milica.pays_by_card()
    await milica.waits_for_the_document(LONG)


async def test_all_die_at_once_right_after_besnik_paid(visit: Windows) -> None:
    besnik = await _at_the_provider(visit, BESNIK)
    await besnik.pays_by_bank()
    await kill(besnik.demo, *ALL)
    await besnik.waits_for_the_document(LONG)


async def test_a_party_that_is_away_is_said_to_be_and_nothing_is_lost(visit: Windows) -> None:
    arta = await visit("sq", person=ARTA)
    arta.forgives = True
    await arta.starts("birth-extract")
    await arta.chooses("self")
    await arta.reaches("portal", "/check")
    with away(arta.demo, "payments"):
        await arta.press("submission")
        await _is_told_to_try_again(arta)
    await arta.goes_to("/applications")
    await arta.main.get_by_role("link", name="Ekstrakti i lindjes").first.click()
    await arta.press("payment")
    await arta.pays_by_card()
    await arta.waits_for_the_document()


async def test_registers_that_are_away_cost_one_line_and_no_answer(visit: Windows) -> None:
    arta = await visit("sq", person=ARTA)
    arta.forgives = True
    await arta.starts("residence-certificate")
    await arta.page.get_by_role("radio", name="Lis Krasniqi").check()
    with away(arta.demo, "registers"):
        await arta.saves()
        await arta.reaches("portal", "/sections/purpose")
        await expect(arta.page.locator("#silent")).to_be_visible()
    await arta.chooses("school")
    await arta.reaches("portal", "/check")
    await expect(arta.main).to_contain_text("Lis Krasniqi")
    await arta.deletes_the_draft()


async def _at_the_provider(visit: Windows, person: Person) -> Visitor:
    her = await visit(person.language, person=person)
    her.forgives = True
    await her.starts("birth-extract")
    if await her.main.get_by_role("radio").count():
        await her.chooses("self")
    await her.sends()
    await her.reaches("payments")
    return her


async def _is_told_to_try_again(her: Visitor) -> None:
    await expect(her.heading).to_have_text("Kjo nuk funksionon për momentin", timeout=25_000)
    await expect(her.main.locator(".reference__number")).to_have_text(re.compile("^[0-9A-Z]{8}$"))
