"""The eID by each of its ways: card, another device, a counter, a stronger sign-in, and out from afar."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import expect

from tests.journeys.conftest import Windows
from tests.journeys.counter import Counter
from tests.journeys.inspection import Reader
from tests.journeys.people import AGIM, ARTA, BESNIK, DRITA, MILICA, Person
from tests.journeys.visitor import Visitor

MESSAGE = "Sporteli 4, A-017"


async def test_agim_comes_in_by_card_and_a_locked_card_says_what_to_do(visit: Windows) -> None:
    agim = await visit("sq")
    await agim.goes_to("/applications")
    await agim.says_she_is(AGIM)
    await agim.enters("0000")
    await expect(agim.page.get_by_role("alert")).to_contain_text("Ju kanë mbetur 2 përpjekje")
    await agim.proves_it(AGIM)
    await agim.reaches("portal", "/applications")


async def test_another_device_signs_in_the_screen_that_shows_the_code(visit: Windows) -> None:
    screen, phone = await visit("en"), await visit("sr", width=360)
    await screen.goes_to("/notices")
    await screen.reaches("eid")
    await screen.page.locator('a[href*="/qr?"]').click()
    address = await screen.page.locator(".scan-address a").get_attribute("href")
    await phone.page.goto(f"{address}?language=sr")
    await _owns(phone, MILICA)
    await phone.page.locator('form[action*="/phone/scan/"] button[type=submit]').click()
    await phone.reaches("eid", "/phone/requests/[0-9a-f-]{36}")
    await _approves(phone, MILICA, await screen.page.locator(".control-code").inner_text())
    await screen.reaches("portal", "/notices")


async def test_a_clerk_asks_and_arta_answers_on_her_phone(visit: Windows, reader: Reader, tmp_path: Path) -> None:
    phone = await visit("sq", width=360)
    counter = Counter.opened(phone.demo, tmp_path)
    await phone.page.goto(f"{counter.eid.url}/phone?language=sq")
    await _owns(phone, ARTA)
    question = await counter.asks(ARTA, MESSAGE)
    await _opens_what_waits(phone)
    await expect(phone.main).to_contain_text(MESSAGE)
    await reader.looks_at(phone)
    await _approves(phone, ARTA, question["control_code"])
    await expect(phone.heading).to_have_text("E miratuat kërkesën")
    assert (await counter.hears(question))["personal_number"] == ARTA.number

    question = await counter.asks(ARTA, MESSAGE)
    await _opens_what_waits(phone)
    await phone.page.locator('form[action*="/refusal"] button[type=submit]').click()
    await expect(phone.heading).to_have_text("E refuzuat kërkesën")
    assert (await counter.hears(question))["error"] == "access_denied"

    question = await counter.asks(ARTA, MESSAGE)
    await _opens_what_waits(phone)
    codes = phone.page.locator("input[name=code]")
    wrong = [
        code
        for code in await codes.evaluate_all("all => all.map(one => one.value)")
        if code != question["control_code"]
    ]
    assert len(wrong) == 2
    await _approves(phone, ARTA, wrong[0])
    await expect(phone.heading).to_have_text("E refuzuat kërkesën")
    assert (await counter.hears(question))["error"] == "access_denied", "she saw another screen"


async def test_a_stronger_sign_in_is_asked_of_the_same_person_and_leads_on(visit: Windows) -> None:
    drita = await visit("en", person=DRITA)
    await drita.goes_to("/sign-in?level=high&next=/data")
    await drita.reaches("eid")
    await expect(drita.main).to_contain_text(DRITA.name)
    await expect(drita.page.get_by_role("radio", name=ARTA.name)).to_have_count(0)
    await drita.page.locator("input[name=means][value=card]").check()
    await drita.page.locator("form:has(input[type=radio]) button[type=submit]").click()
    await drita.enters(DRITA.pin)
    await drita.reaches("portal", "/data")
    visit.states.pop(DRITA, None)


async def test_besnik_ends_from_his_phone_what_is_open_elsewhere(visit: Windows, reader: Reader) -> None:
    desk, phone = await visit("sq"), await visit("sq", width=360)
    await desk.goes_to("/applications")
    await desk.signs_in(BESNIK)
    await phone.page.goto(f"{phone.demo.addresses['eid']}/my?language=sq")
    await phone.says_she_is(BESNIK)
    await phone.enters(BESNIK.pin)
    await phone.page.locator('a.govuk-button[href^="/sign-in/"]').click()
    await phone.reaches("eid", "/my")
    await reader.looks_at(phone)
    await phone.page.locator('form[action*="/my/sessions/end-others"] button[type=submit]').click()
    await expect(phone.page.locator('form[action*="/end?"]')).to_have_count(1)
    for page in ("log", "pin", "report"):
        await phone.page.goto(f"{phone.demo.addresses['eid']}/my/{page}?language=sq")
        await reader.looks_at(phone)
    visit.states.pop(BESNIK, None)
    for _ in range(50):  # the portal is told by a message
        await desk.goes_to("/applications")
        if desk.is_at_the("eid"):
            break
        await desk.page.wait_for_timeout(100)
    await expect(desk.page.get_by_role("radio", name=BESNIK.name)).to_be_visible()


async def _owns(phone: Visitor, person: Person) -> None:
    """Say whose phone this browser plays."""
    await phone.page.get_by_role("radio", name=person.name).check()
    await phone.page.locator('form[action*="/phone/owner"] button[type=submit]').click()


async def _opens_what_waits(phone: Visitor) -> None:
    """Open the one request that waits on the phone; the page finds it by itself."""
    await phone.page.goto(f"{phone.demo.addresses['eid']}/phone?language={phone.language}")
    await phone.page.locator('a[href^="/phone/requests/"]').click()
    await phone.reaches("eid", "/phone/requests/[0-9a-f-]{36}")


async def _approves(phone: Visitor, person: Person, code: str) -> None:
    """Pick the code that the other screen shows, and give PIN1."""
    await phone.page.locator(f'input[name=code][value="{code}"]').check()
    await phone.enters(person.pin)
