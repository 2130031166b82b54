"""A life event planned as one: ticked, asked once, seen as one plan, on a narrow phone without JavaScript."""

from __future__ import annotations

from playwright.async_api import expect

from i18n.text import LANGUAGES
from tests.journeys.conftest import Windows
from tests.journeys.inspection import Reader
from tests.journeys.people import DRITA


async def test_drita_plans_her_studies(visit: Windows, reader: Reader) -> None:
    drita = await visit("en", person=DRITA, scripted=False, width=360)
    await drita.goes_to("/life-events/studying")
    await drita.page.locator('main a[href$="/start"]').click()
    await drita.press("plans")
    await drita.reaches("portal", "/services")
    await expect(drita.main).to_contain_text("You are a student this year.")
    await expect(drita.page.locator("main input:checked")).to_have_count(2)
    choice = drita.path
    for service in ("enrolment-confirmation", "income-statement"):
        await drita.page.locator(f'main input[value="{service}"]').uncheck()
    await drita.press("services")
    await expect(drita.page.locator(".govuk-error-summary")).to_contain_text("Choose at least one service.")
    for service in ("enrolment-confirmation", "no-property-attestation", "student-grant"):
        await drita.page.locator(f'main input[value="{service}"]').check()
    await drita.press("services")
    await drita.reaches("portal", "/plans/[0-9a-f-]{36}")
    await expect(drita.main.locator(".applications__item")).to_have_count(3)
    await expect(drita.main).to_contain_text("Waits for you")
    plan = drita.path
    seen = await visit("sq", person=DRITA, width=360)
    for language in LANGUAGES:
        seen.language = language
        for path in ("/life-events/studying", "/life-events/studying/start", choice, plan, "/applications"):
            await seen.goes_to(path)
            await reader.looks_at(seen)
    await drita.press("closing")
    await drita.reaches("portal", "/applications")
    await expect(drita.main.locator(f'a[href$="{plan}"]')).to_have_count(0)
