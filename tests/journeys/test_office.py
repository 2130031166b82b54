"""Officers work a queue: on a phone without JavaScript, and by keyboard alone; each page of theirs is looked at."""

from __future__ import annotations

import itertools
import re
from datetime import UTC, datetime

from playwright.async_api import expect

from services.applications.member import Post
from services.applications.office.store import add_member
from tests.journeys.conftest import Windows
from tests.journeys.inspection import Reader
from tests.journeys.keys import press, tab_to
from tests.journeys.people import ARTA, BESNIK, LUAN, MILICA
from tests.journeys.processes import memory
from tests.journeys.visitor import Visitor

_REASONS = "Mbiemri i gjyshes dëshmohet nga libri amzë."


async def test_two_officers_and_arta_change_her_name_on_a_phone_without_javascript(
    visit: Windows, reader: Reader
) -> None:
    arta, milica = await visit("en", person=ARTA), await visit("sr", person=MILICA)
    besnik = await visit("sq", width=360, scripted=False, person=BESNIK)
    case = await _asks_for_a_name(arta)
    await _finds_in_the_queue(besnik, case)
    await _opens(besnik, case)
    await besnik.press("taking")
    await _does(besnik, case, "request", "Shkruani mbiemrin siç e ka gjyshja.", choose="new_family_name")
    await arta.goes_to(f"/applications/{case}/reply")
    await reader.looks_at(arta)
    await arta.page.locator("#new_family_name").fill("Hysenaj")
    await arta.press("reply")
    await arta.page.locator('a[href$="/messages"]').click()
    await arta.page.locator("#text").fill("Sa zgjat kjo?")
    await arta.main.locator("form button[type=submit]:not([name]):not([aria-hidden])").click()
    await reader.looks_at(arta)
    await _does(besnik, case, "message", "Përgjigja vjen këtë javë.")
    await _does(besnik, case, "second-opinion", "A mjafton libri amzë?")
    await milica.goes_to("/")
    await milica.page.locator('.site-nav a[href="/sr/office"]').click()
    await reader.looks_at(milica)
    await milica.main.locator(f'a[href$="/office/{case}"]').click()
    await reader.looks_at(milica, "#reason")
    await milica.press("opening")
    await reader.looks_at(milica)
    await milica.goes_to(f"/office/{case}/opinion")
    await milica.press("opinion")
    await reader.looks_at(milica, ".govuk-error-summary")
    await milica.page.locator("#is_for").check()
    await milica.page.locator("#text").fill("Dovoljna je.")
    await milica.press("opinion")
    await _does(besnik, case, "approval", _REASONS)
    await expect(besnik.main).to_contain_text("E aprovuar")
    await arta.goes_to(f"/applications/{case}")
    await arta.waits_for_the_document()
    await expect(arta.main).to_contain_text(_REASONS)
    await _is_recorded(arta, reader)
    await _is_revoked(arta, besnik, milica, reader)


async def _is_recorded(arta: Visitor, reader: Reader) -> None:
    """See that civil status has her new name; let her bear the old one again, as other journeys know her."""
    await reader.looks_at(arta)
    async with memory(arta.demo, "registers") as registers:
        new = "SELECT family_name FROM registers.person WHERE personal_number = $1"
        await expect(arta.main.locator(".timeline")).to_contain_text("Central Civil Status Register: recorded")
        assert await registers.fetchval(new, ARTA.number) == "Hysenaj"
        await registers.execute(
            "UPDATE registers.person SET family_name = $2 WHERE personal_number = $1", ARTA.number, ARTA.family_name
        )


async def _is_revoked(arta: Visitor, besnik: Visitor, milica: Visitor, reader: Reader) -> None:
    """Let Arta say what is wrong, Besnik propose to revoke it, Milica confirm; whoever verifies is told."""
    await arta.main.locator('a[href$="/document/correction"]').click()
    await reader.looks_at(arta)
    await arta.page.locator("#text").fill("Artë, jo Arta.")
    await arta.press("correction")
    await reader.looks_at(arta)
    await besnik.goes_to("/office/documents")
    await besnik.main.locator('a[href*="/office/documents/"]').first.click()
    await besnik.main.locator('input[value="issued_in_error"]').check()
    await besnik.main.locator('input[value="none"]').check()
    await besnik.press("revocation")
    address = re.sub(r".*/sq", "", besnik.page.url)
    await milica.goes_to("/office/documents")
    await reader.looks_at(milica)
    await milica.goes_to(address)
    await milica.press("answer")
    await reader.looks_at(milica, ".govuk-error-summary")
    await milica.main.locator('form[action*="/confirmation/"] button').click()
    await reader.looks_at(milica, ".govuk-tag--red")
    await arta.page.reload()
    await reader.looks_at(arta)
    await arta.main.locator('a[href*="/v/"]').click()
    await expect(arta.page.locator(".verdict--bad")).to_contain_text("This document was revoked")
    await expect(arta.main).to_contain_text("It was issued by mistake.")
    await reader.looks_at(arta)
    await milica.goes_to("/office/registers")
    await reader.looks_at(milica)


async def test_besnik_works_the_queue_without_a_mouse(visit: Windows, reader: Reader) -> None:
    arta, besnik = await visit("sq", person=ARTA), await visit("sq", person=BESNIK)
    case = await _asks_for_a_correction(arta)
    following = await _asks_for_a_correction(arta)
    page, keys = besnik.page, besnik.page.keyboard
    await besnik.goes_to("/")
    await press(page, page.locator('.site-nav a[href="/sq/office"]'))
    await besnik.reaches("portal", "/office")
    await _searches_and_filters_by_keyboard(besnik, reader)
    await press(page, besnik.main.locator(f'a[href$="/office/{case}"]'))
    await tab_to(page, besnik.main.locator("#reason"))
    await press(page, besnik.main.locator("button[type=submit]"))
    await press(page, page.locator('form[action$="/taking"] button'))
    await besnik.reaches("portal", f"/office/{case}")
    await press(page, besnik.main.locator('a[href$="/refusal"]'))
    await tab_to(page, besnik.main.locator("#text"))
    await keys.press("Control+A")
    await keys.press("Delete")
    await press(page, besnik.main.locator("button[type=submit]"))
    await expect(page.locator(".govuk-error-summary")).to_be_focused()
    await keys.press("Tab")
    await keys.press("Enter")
    await expect(page.locator("#text")).to_be_focused()
    await keys.type("Nuk dëshmohet.")
    await press(page, besnik.main.locator("button[type=submit]"))
    done = page.locator(".govuk-notification-banner")
    await expect(done).to_be_focused()
    await reader.looks_at(besnik)
    await press(page, done.get_by_role("link"))
    await besnik.reaches("portal", f"/office/{following}")
    await besnik.goes_to("/office?show=free")
    await tab_to(page, page.locator(f'input[name="case"][value="{following}"]'))
    await keys.press("Space")
    await press(page, page.locator('form[action$="/office/batches"] button'))
    await besnik.reaches("portal", "/office/batches/[0-9a-f-]{36}")
    await reader.looks_at(besnik)
    await press(page, page.locator('form[action$="/preparation"] button'))
    await expect(page.locator("#digits")).to_be_visible()
    await reader.looks_at(besnik, "#digits")
    await _appeals(arta, case, reader)


async def _appeals(arta: Visitor, case: str, reader: Reader) -> None:
    await arta.goes_to(f"/applications/{case}")
    await arta.main.locator('a[href$="/appeal"]').click()
    await reader.looks_at(arta)
    await arta.press("appeal")
    await reader.looks_at(arta, ".govuk-error-summary")
    await arta.page.locator("#text").fill("Dëshmohet nga libri amzë.")
    await arta.press("appeal")
    await arta.reaches("portal", f"/applications/{case}")
    await expect(arta.main).to_contain_text("E ankimuar")
    await reader.looks_at(arta)


async def test_luan_works_a_queue_of_a_thousand_without_a_mouse(visit: Windows) -> None:
    arta = await visit("sq", person=ARTA)
    cases = await _copied(visit, await _asks_for_a_correction(arta), 1000)
    luan = await visit("sq", person=LUAN)
    page = luan.page
    await luan.goes_to("/office")
    await expect(page.locator(".figures__count").first).to_have_text(re.compile(r"^1\s000\+$"))
    for at in (50, 100, 150):
        await press(page, page.locator('a[href="#end-of-list"]'))
        await press(page, page.locator('.govuk-pagination a[rel="next"]'))
        await expect(luan.main.locator(".case-line a").first).to_have_attribute("href", f"/sq/office/{cases[at]}")
    await luan.goes_to("/office")
    await press(page, luan.main.locator(f'a[href$="/office/{cases[0]}"]'))
    for case, following in itertools.pairwise(cases[:4]):
        await luan.reaches("portal", f"/office/{case}")
        await press(page, luan.main.locator("button[type=submit]"))  # why she opens it: to decide, as is said already
        await press(page, page.locator('form[action$="/taking"] button'))
        await press(page, luan.main.locator('a[href$="/approval"]'))
        await press(page, luan.main.locator("button[type=submit]"))  # the usual reasons are written already
        done = page.locator(".govuk-notification-banner")
        await expect(done).to_be_focused()
        await press(page, done.get_by_role("link"))
        await luan.reaches("portal", f"/office/{following}")
    await _leaves(visit)


async def _copied(visit: Windows, case: str, count: int) -> list[str]:
    """Lay copies of an application before Luan, an officer elsewhere from now on; return them as they are due."""
    async with memory(visit.demo) as connection, connection.transaction():
        await add_member(connection, LUAN.number, Post("arc", "peje", "officer"), datetime.now(UTC).date())
        copies = await connection.fetch(
            """
            INSERT INTO application (
                SELECT (jsonb_populate_record(original, jsonb_build_object(
                    'id', '0000' || substr(gen_random_uuid()::text, 5), 'desk', 'arc/peje',
                    'due_on', current_date + 1 + number / 40,
                    'reference', format('2026-%s-%s', number + 1000, upper(substr(original.id::text, 33)))))).*
                FROM application original CROSS JOIN generate_series(1, $2::int) AS number WHERE original.id = $1::uuid
            ) RETURNING id, due_on
            """,
            case,
            count,
        )
    return [str(copy["id"]) for copy in sorted(copies, key=lambda copy: (copy["due_on"], copy["id"]))]


async def _leaves(visit: Windows) -> None:
    """Let Luan work there no more, and take what waits there away: Arta never asked a thousand times."""
    async with memory(visit.demo) as connection:
        await connection.execute("DELETE FROM office_member WHERE personal_number = $1", LUAN.number)
        await connection.execute("DELETE FROM application WHERE desk = 'arc/peje' AND state = 'submitted'")


async def _searches_and_filters_by_keyboard(besnik: Visitor, reader: Reader) -> None:
    page, keys = besnik.page, besnik.page.keyboard
    await tab_to(page, page.locator("#q"))
    await keys.type("Krasniqi Arta")
    await keys.press("Enter")
    await besnik.reaches("portal", "/office/search")
    await reader.looks_at(besnik)
    await press(page, besnik.main.get_by_role("link", name="Shfaqni"))
    await tab_to(page, page.locator("#show"))
    await keys.press("ArrowDown")
    await keys.press("ArrowDown")
    await press(page, page.locator('form[method="get"] button'))
    await besnik.reaches("portal", "/office")
    await expect(page.locator("#show")).to_have_value("free")


async def _asks_for_a_name(arta: Visitor) -> str:
    await arta.starts("name-change")
    for name, value in (("new_given_name", "Arta"), ("new_family_name", "Hyseni"), ("grounds", "My grandmother's")):
        await arta.page.locator(f"#{name}").fill(value)
    return await _sends(arta)


async def _asks_for_a_correction(arta: Visitor) -> str:
    await arta.starts("name-correction")
    await arta.page.locator('input[value="family"]').check()
    await arta.page.locator("#right_spelling").fill("Krasniqe")
    await arta.page.locator("#explanation").fill("Nga certifikata e lindjes.")
    return await _sends(arta)


async def _sends(arta: Visitor) -> str:
    await arta.saves()
    await arta.sends()
    await arta.reaches("portal", "/applications/[0-9a-f-]{36}")
    return re.findall("[0-9a-f-]{36}", arta.path)[0]


async def _finds_in_the_queue(officer: Visitor, case: str) -> None:
    await officer.goes_to("/office?service=name-change")
    await officer.main.locator(f'a[href$="/office/{case}"]').click()


async def _opens(officer: Visitor, case: str) -> None:
    await officer.press("opening")
    await officer.reaches("portal", f"/office/{case}")


async def _does(officer: Visitor, case: str, act: str, text: str, choose: str = "") -> None:
    await officer.goes_to(f"/office/{case}")
    await officer.main.locator(f'a[href$="/{act}"]').first.click()
    if choose:
        await officer.page.locator(f'input[value="{choose}"]').check()
    await officer.page.locator("#text").fill(text)
    await officer.press(act)
    await officer.reaches("portal", f"/office/{case}")
