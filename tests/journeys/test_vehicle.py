"""A vehicle's registration: renewed when its papers hold, plainly stopped when they do not."""

from __future__ import annotations

import re

from playwright.async_api import expect

from tests.journeys.conftest import Windows
from tests.journeys.people import BESNIK, DRITA

_LAPSED = re.compile(r"Kontrolli teknik i automjetit (\S+) ka skaduar më (\d\d\.\d\d\.\d{4})")


async def test_besnik_is_stopped_and_renews_his_other_car(visit: Windows) -> None:
    besnik = await visit("sq", person=BESNIK)
    await besnik.starts("registration-renewal")
    cars = besnik.main.get_by_role("radio")
    await expect(cars).to_have_count(2)
    opel = besnik.main.get_by_role("radio", name="Opel")
    await opel.check()
    await besnik.saves()
    await besnik.reaches("portal", "/check")
    stop = besnik.page.get_by_role("region", name="Kjo do të refuzohej")
    await expect(stop).to_contain_text(_LAPSED)
    lapsed = _LAPSED.search(await stop.inner_text())
    assert lapsed
    said = besnik.main.locator(".facts").filter(has_text="Regjistri i automjeteve")
    await expect(said).to_contain_text(lapsed[1])
    await expect(said).to_contain_text(lapsed[2])
    await besnik.main.locator('a[href$="/sections/vehicle"]').click()
    await besnik.main.get_by_role("radio", name="Mercedes").check()
    await besnik.saves()
    await expect(stop).to_have_count(0)
    await expect(besnik.main).to_contain_text("90,00 €")
    await besnik.sends()
    await besnik.pays_by_bank()
    await besnik.waits_for_the_document()
    await expect(besnik.main.locator(".timeline")).to_contain_text("Regjistri i automjeteve: u shënua", timeout=20_000)


async def test_besnik_insists_and_is_refused_with_plate_and_date_and_without_a_fee(visit: Windows) -> None:
    besnik = await visit("sq", person=BESNIK)
    await besnik.starts("registration-renewal")
    await besnik.main.get_by_role("radio", name="Opel").check()
    await besnik.saves()
    await besnik.sends()
    await besnik.reaches("portal", "/applications/[0-9a-f-]{36}")
    await expect(besnik.main).to_contain_text("E refuzuar")
    await expect(besnik.main).to_contain_text(_LAPSED)
    await expect(besnik.main).to_contain_text("Asgjë nuk u pagua")
    reference = await besnik.main.locator(".govuk-caption-l").inner_text()
    notice = await besnik.finds_a_message_about(reference)
    await expect(notice).to_contain_text("Kërkesa juaj u refuzua")


async def test_drita_has_no_vehicle_to_renew(visit: Windows) -> None:
    drita = await visit("sq", person=DRITA)
    await drita.starts("registration-renewal")
    await drita.reaches("portal", "/check")
    await expect(drita.page.get_by_role("region", name="Kjo do të refuzohej")).to_contain_text(
        "Në regjistrin e automjeteve nuk ka asnjë automjet në emrin tuaj"
    )
    await drita.sends()
    await expect(drita.main).to_contain_text("E refuzuar")
