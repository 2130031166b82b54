"""Money: declined, given up, taken once however often a button is pressed, and never waited for in vain."""

from __future__ import annotations

import re

from playwright.async_api import expect

from tests.journeys.conftest import Windows
from tests.journeys.people import DRITA, EMINE
from tests.journeys.processes import memory
from tests.journeys.visitor import DECLINED_CARD, Visitor


async def test_a_declined_card_then_another(visit: Windows) -> None:
    emine = await _at_the_provider(visit)
    await emine.pays_by_card(**DECLINED_CARD)
    await expect(emine.main).to_contain_text("Banka e refuzoi pagesën")
    await emine.press("payment")
    await emine.pays_by_bank("decline")
    await expect(emine.main).to_contain_text("Banka e refuzoi pagesën")
    await emine.press("payment")
    await emine.pays_by_card()
    await emine.waits_for_the_document()
    assert await _ends_of(emine) == ["declined", "declined", "paid"]


async def test_a_payment_given_up_is_made_tomorrow(visit: Windows) -> None:
    emine = await _at_the_provider(visit)
    page = emine.page.url
    await emine.gives_up_paying()
    await expect(emine.main).to_contain_text("E latë pagesën")
    await emine.page.goto(page)
    await expect(emine.heading).to_have_text("Kjo pagesë u anulua")
    await emine.goes_to("/applications")
    await emine.main.get_by_role("link", name="Ekstrakti i lindjes").first.click()
    await emine.press("payment")
    await emine.pays_by_card()
    await emine.waits_for_the_document()
    await emine.page.goto(page)
    await expect(emine.heading).to_have_text("Kjo pagesë u anulua")


async def test_who_closes_the_window_after_paying_has_paid(visit: Windows) -> None:
    emine = await _at_the_provider(visit)
    await emine.page.route(re.compile("/payments/"), lambda route: route.abort())
    emine.forgives = True
    await emine.page.locator("#bank").check()
    await emine.page.locator("form:has(#bank) button[type=submit]").click()
    await emine.page.locator('button[name=answer][value="confirm"]').click()
    later = await visit("sq", person=EMINE)
    await later.goes_to("/applications")
    await expect(later.main.get_by_role("listitem").first).to_contain_text("Ekstrakti i lindjes")
    await later.main.get_by_role("link", name="Ekstrakti i lindjes").first.click()
    for _ in range(100):
        if await later.document.count():
            break
        await later.page.reload()
    await later.waits_for_the_document()


async def test_every_button_pressed_twice_is_pressed_once(visit: Windows) -> None:
    drita = await visit("sq", scripted=False)
    drita.clicks = 2
    await drita.starts("birth-extract", DRITA)
    await drita.sends()
    await drita.pays_by_card()
    await drita.waits_for_the_document()
    assert await _ends_of(drita) == ["paid"]
    await drita.page.locator('input[name=score][value="4"]').check()
    await drita.press("rating")
    await expect(drita.main).to_contain_text("Faleminderit")


async def test_going_back_after_sending_leads_to_where_things_stand(visit: Windows) -> None:
    emine = await _at_the_provider(visit)
    await emine.page.go_back()
    await emine.reaches("portal", "/applications/[0-9a-f-]{36}")
    await expect(emine.main).to_contain_text("Në pritje të pagesës")
    await emine.press("payment")
    await emine.pays_by_card()
    await emine.waits_for_the_document()
    await emine.page.go_back()
    await emine.reaches("payments")
    await expect(emine.heading).to_have_text("Kjo është paguar")


async def _at_the_provider(visit: Windows) -> Visitor:
    emine = await visit("sq", person=EMINE)
    await emine.starts("birth-extract")
    await emine.sends()
    await emine.reaches("payments")
    return emine


async def _ends_of(visitor: Visitor) -> list[str]:
    """Return how each payment of the application on the page ended, in order."""
    async with memory(visitor.demo) as portal:
        rows = await portal.fetch("SELECT state FROM payment WHERE order_id = $1 ORDER BY id", visitor.path[-36:])
    return [row["state"] for row in rows]
