"""A life event planned as one: ticked, asked once, seen as one plan, on a narrow phone without JavaScript."""

from __future__ import annotations

from playwright.async_api import expect

from i18n.text import LANGUAGES
from tests.journeys.conftest import Windows
from tests.journeys.inspection import Reader
from tests.journeys.people import DRITA
from tests.journeys.visitor import Visitor


async def test_drita_plans_her_studies(visit: Windows, reader: Reader) -> None:
    drita = await visit("en", person=DRITA, scripted=False, width=360)
    await drita.goes_to("/life-events/studying")
    await _in_every_language(drita, reader)
    await drita.page.locator('main a[href$="/start"]').click()
    await _in_every_language(drita, reader)
    await drita.press("plans")
    await drita.reaches("portal", "/services")
    ticked = drita.page.locator("main input:checked")
    await expect(ticked).to_have_count(2)
    await expect(drita.main).to_contain_text("You are a student this year.")
    await _in_every_language(drita, reader)
    for box in await ticked.all():
        await box.uncheck()
    await drita.press("services")
    await reader.looks_at(drita, ".govuk-error-summary")
    for service in ("enrolment-confirmation", "no-property-attestation", "student-grant"):
        await drita.page.locator(f'main input[value="{service}"]').check()
    await drita.press("services")
    await drita.reaches("portal", "/plans/[0-9a-f-]{36}")
    await expect(drita.main.get_by_role("listitem")).to_have_count(3)
    await expect(drita.main).to_contain_text("Waits for you")
    await _in_every_language(drita, reader)
    plan = drita.path
    await drita.goes_to("/applications")
    await reader.looks_at(drita)
    await drita.goes_to(plan)
    await drita.press("closing")
    await drita.reaches("portal", "/applications")


async def _in_every_language(drita: Visitor, reader: Reader) -> None:
    address, read = drita.path, drita.language
    for language in LANGUAGES:
        drita.language = language
        await drita.goes_to(address)
        await reader.looks_at(drita)
    drita.language = read
    await drita.goes_to(address)
