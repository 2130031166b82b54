"""Every kind of question as people meet it: filled in wrongly and rightly, on a desk and on the narrowest phone."""

from __future__ import annotations

import re

from playwright.async_api import expect

from i18n.text import Language
from tests.journeys.conftest import Windows
from tests.journeys.inspection import Reader
from tests.journeys.people import ARTA
from tests.journeys.visitor import Visitor


async def test_a_family_asks_for_help_and_says_who_lives_with_it(
    visit: Windows, language: Language, reader: Reader
) -> None:
    arta = await visit(language, person=ARTA)
    await arta.starts("social-assistance")
    await reader.looks_at(arta)
    await _adds_and_takes_away(arta)
    await arta.page.keyboard.press("Enter")  # sends the page, and takes nothing away
    await expect(arta.page.locator(".govuk-error-summary")).to_be_visible()
    await reader.looks_at(arta, ".govuk-error-summary")
    await fills(arta, {"members-1-member_number": "1086354124", "members-1-monthly": "1 200,50"})
    await arta.saves()
    await arta.reaches("portal", "/sections/income")
    await fills(arta, {"own_income": "100"})
    await arta.saves()
    await reader.looks_at(arta, "#sources-error")
    await arta.page.locator("[value=work]").check()
    await arta.saves()
    await fills(arta, {"account": "XK05 1000 6502 3000 0060"})
    await arta.saves()
    await reader.looks_at(arta, "#account-error")
    await fills(arta, {"account": "XK05 1000 6502 3000 0067"})
    await arta.saves()
    await fills(arta, {"phone": "12", "email": "arta@"})
    await arta.saves()
    await reader.looks_at(arta, "#email-error")
    await fills(arta, {"phone": "044 123 456", "email": "arta@example.com"})
    await arta.saves()
    await arta.reaches("portal", "/check")
    await expect(arta.page.locator(".answers")).to_contain_text("+383 44 123 456")
    await expect(arta.page.locator("#stop-title")).to_be_visible()  # more than 60 € a head
    await reader.looks_at(arta)


async def test_a_business_says_what_it_does_and_where(visit: Windows, language: Language, reader: Reader) -> None:
    arta = await visit(language, person=ARTA)
    await arta.starts("individual-registration")
    await arta.saves()
    await fills(arta, {"business_name": "Furra Arta", "takes_over": "12"})
    for value in ("trade", "food", "craft", "transport"):
        await arta.page.locator(f"[value={value}]").check()
    await arta.saves()
    await reader.looks_at(arta, "#takes_over-error")
    await arta.page.locator("[value=craft]").uncheck()
    await fills(arta, {"takes_over": ""})
    await arta.saves()
    await arta.reaches("portal", "/sections/transport")
    await fills(arta, {"transport_plate": "08-1"})
    await arta.saves()
    await reader.looks_at(arta, "#transport_plate-error")
    await fills(arta, {"transport_plate": "01234ab"})
    await arta.saves()
    await fills(arta, {"seat-street": "Mark Isaku 14", "premises": "42,55", "employees": "x"})
    await arta.saves()
    await reader.looks_at(arta, "#premises-error")
    await arta.page.locator("#seat").select_option("prizren")
    await fills(arta, {"seat-settlement": "Prizren", "premises": "42,5", "employees": "2"})
    await arta.saves()
    await fills(arta, {"phone": "+41 79 123 45 67"})
    await arta.saves()
    await arta.reaches("portal", "/check")
    for said in ("01-234-AB", "Mark Isaku 14, Prizren, Prizren", "m²", "+41 79 123 45 67"):
        await expect(arta.page.locator(".answers")).to_contain_text(said)
    await reader.looks_at(arta)


async def test_who_moves_names_the_new_address_and_with_whom(
    visit: Windows, language: Language, reader: Reader
) -> None:
    arta = await visit(language, person=ARTA)
    await arta.starts("residence-change")
    await fills(arta, {"new_address-street": "Remzi Ademi 4", "moved_on": "1.11.2026"})
    await arta.saves()
    await reader.looks_at(arta, "#new_address-error")
    await arta.page.locator("#new_address").select_option("prizren")
    await fills(
        arta, {"new_address-settlement": "Prizren", "moved_on": "1", "moved_on-month": "11", "moved_on-year": "2026"}
    )
    await arta.saves()
    await arta.chooses("family")
    await arta.reaches("portal", "/sections/family")
    await reader.looks_at(arta)
    await arta.main.get_by_role("radio").first.check()
    await arta.saves()
    await arta.reaches("portal", "/check")
    await reader.looks_at(arta)


async def _adds_and_takes_away(arta: Visitor) -> None:
    """Add a second and a third person, take the first away again, and end in a field of the one that stays."""
    await fills(arta, {"members-1-member": "Agim Shala"})
    await arta.page.locator('[value="add members"]').click()
    await expect(arta.page).to_have_url(re.compile("#members-2$"))
    await fills(arta, {"members-2-member": "Shpresa Krasniqi"})
    await arta.page.locator('[value="remove members 1"]').click()
    await expect(arta.page.locator("#members-1-member")).to_have_value("Shpresa Krasniqi")
    await expect(arta.page.locator("#members-2")).to_have_count(0)
    await arta.page.locator("#members-1-member_number").fill("12")


async def fills(visitor: Visitor, typed: dict[str, str]) -> None:
    """Fill in fields by their ids."""
    for name, value in typed.items():
        await visitor.page.locator(f"#{name}").fill(value)
