"""Coming in and going out: PINs, both sessions, and what becomes of words typed when the session is gone."""

from __future__ import annotations

from playwright.async_api import expect

from tests.journeys.conftest import Windows
from tests.journeys.people import ARTA, DRITA, LUAN, MILICA, Person
from tests.journeys.processes import memory, unlock
from tests.journeys.visitor import Visitor

WORDS = "Upis u muzičku školu „Stanković“ & <b>drugo</b>"


async def test_three_wrong_pins_lock_luan_out_until_he_is_unlocked(visit: Windows) -> None:
    luan = await visit("sq")
    await luan.goes_to("/applications")
    await luan.says_she_is(LUAN)
    await luan.enters("1234")
    await expect(luan.page.get_by_role("alert")).to_contain_text("Ju kanë mbetur 2 përpjekje")
    await luan.enters("4321")
    await expect(luan.page.get_by_role("alert")).to_contain_text("Ju ka mbetur 1 përpjekje")
    await luan.enters("1111")
    await expect(luan.heading).to_have_text("Ky PIN i telefonit tuaj është i bllokuar")
    await luan.goes_to("/applications")
    await luan.says_she_is(LUAN)
    await expect(luan.heading).to_have_text("Ky PIN i telefonit tuaj është i bllokuar")
    unlock(luan.demo, LUAN)
    await luan.goes_to("/applications")
    await luan.signs_in(LUAN)
    await expect(luan.heading).to_have_text("Kërkesat e mia")


async def test_who_does_not_want_to_sign_in_comes_back_as_she_went(visit: Windows) -> None:
    someone = await visit("en")
    await someone.goes_to("/notices")
    await someone.reaches("eid")
    await someone.page.locator('form[action*="/cancellation"] button').click()
    await someone.reaches("portal", "/sign-in/return")
    await expect(someone.heading).to_have_text("You are not signed in")
    await someone.main.get_by_role("button").click()
    await someone.signs_in(DRITA)
    await someone.reaches("portal", "/notices")


async def test_signing_out_ends_both_sessions(visit: Windows) -> None:
    drita = await visit("sr")
    await drita.goes_to("/applications")
    await drita.signs_in(DRITA)
    await drita.signs_out()
    await expect(drita.heading).to_have_text("Odjavljeni ste")
    await drita.page.go_back()
    await expect(drita.main).not_to_contain_text("Moji zahtevi")
    await drita.goes_to("/applications")
    await drita.says_she_is(DRITA)
    await expect(drita.page.locator("#pin")).to_be_visible()


async def test_words_outlive_a_session_that_ended_while_they_were_typed(visit: Windows) -> None:
    milica = await _types(visit, MILICA)
    async with memory(milica.demo) as portal:
        await portal.execute(
            "DELETE FROM session USING person p WHERE p.id = person_id AND p.personal_number = $1", MILICA.number
        )
    visit.states.pop(MILICA, None)
    await milica.saves()
    await _finds_her_words_again(milica, MILICA)


async def test_words_outlive_both_sessions_and_javascript(visit: Windows) -> None:
    milica = await _types(visit, MILICA, scripted=False)
    await milica.context.clear_cookies()
    await milica.saves()
    await _finds_her_words_again(milica, MILICA)


async def test_a_session_that_ends_on_the_last_button_is_asked_for_again(visit: Windows) -> None:
    arta = await visit("sq", person=ARTA)
    await arta.starts("birth-extract")
    await arta.chooses("self")
    await arta.reaches("portal", "/check")
    await arta.loses_her_session()
    await arta.press("submission")
    await _signs_in_if_asked(arta, ARTA)
    await arta.sends()
    await arta.pays_by_card()
    await arta.waits_for_the_document()


async def _types(visit: Windows, person: Person, *, scripted: bool = True) -> Visitor:
    visitor = await visit(person.language, scripted=scripted)
    await visitor.starts("residence-certificate", person)
    await visitor.chooses("self", "other")
    await visitor.reaches("portal", "/sections/purpose-other")
    await visitor.main.get_by_role("textbox").fill(WORDS)
    return visitor


async def _finds_her_words_again(her: Visitor, person: Person) -> None:
    await _signs_in_if_asked(her, person)
    await her.reaches("portal", "/sections/purpose-other")
    await expect(her.main.get_by_role("textbox")).to_have_value(WORDS)
    await expect(her.main).to_contain_text("Ono što ste uneli još je tu")
    await her.saves()
    await her.reaches("portal", "/check")
    await expect(her.main).to_contain_text(WORDS)


async def _signs_in_if_asked(her: Visitor, person: Person) -> None:
    """Sign in again; the eID does not ask who is still signed in there."""
    await her.page.wait_for_load_state()
    if her.is_at_the("eid"):
        await her.signs_in(person)
