"""Whatever dies between two steps, by kill -9, nobody loses anything and the journey ends with a document."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.journeys.conftest import Windows
from tests.journeys.people import ARTA, BESNIK, MILICA
from tests.journeys.processes import PARTIES, away, kill
from tests.journeys.visitor import Visitor

VICTIMS = (*PARTIES, "postgres")


@pytest.mark.parametrize("victim", VICTIMS)
async def test_a_journey_outlives_a_death_at_every_step(visit: Windows, victim: str) -> None:
    arta = await visit("sq", person=ARTA)
    arta.forgives = True  # the browser complains of who is dead
    await arta.starts("residence-certificate")
    await arta.chooses("self", "other")
    await arta.main.get_by_role("textbox").fill("Për klubin e shahut")
    await kill(arta.demo, victim)
    await arta.saves()
    await arta.reaches("portal", "/check")
    await expect(arta.main).to_contain_text("Për klubin e shahut")
    await arta.sends()
    await arta.waits_for_the_document()


async def test_all_die_while_milica_pays(visit: Windows) -> None:
    milica = await visit("sr", person=MILICA)
    milica.forgives = True
    await milica.starts("birth-extract")
    await milica.chooses("self")
    await milica.sends()
    for victim in VICTIMS:
        await kill(milica.demo, victim)
    await milica.pays_by_card()
    await milica.waits_for_the_document()


async def test_all_die_right_after_besnik_paid(visit: Windows) -> None:
    besnik = await visit("sq", person=BESNIK)
    besnik.forgives = True
    await besnik.starts("birth-extract")
    if await besnik.main.get_by_role("radio").count():
        await besnik.chooses("self")
    await besnik.sends()
    await besnik.pays_by_bank()
    for victim in VICTIMS:
        await kill(besnik.demo, victim)
    await besnik.waits_for_the_document()


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


async def test_a_register_that_is_away_leaves_the_answers_where_they_were(visit: Windows) -> None:
    arta = await visit("sq", person=ARTA)
    arta.forgives = True
    await arta.starts("residence-certificate")
    await arta.page.get_by_role("radio", name="Lis Krasniqi").check()
    with away(arta.demo, "registers"):
        await arta.saves()
        await _is_told_to_try_again(arta)
    await arta.resumes("residence-certificate")
    await arta.reaches("portal", "/sections/purpose")
    await arta.chooses("school")
    await expect(arta.main).to_contain_text("Lis Krasniqi")
    await arta.deletes_the_draft()


async def _is_told_to_try_again(her: Visitor) -> None:
    await expect(her.heading).to_have_text("Kjo nuk funksionon për momentin", timeout=25_000)
    await expect(her.main.locator(".reference__number")).to_have_text(re.compile("^[0-9A-Z]{8}$"))
