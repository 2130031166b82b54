"""What someone does who comes by everything: whole journeys, her own data, and many ways of being refused."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from playwright.async_api import expect

from services.registers.facts import FACTS
from tests.journeys.canary import Ear
from tests.journeys.people import Person
from tests.journeys.processes import away, memory
from tests.journeys.visitor import DECLINED_CARD, Visitor
from tests.parties import Demo

_LONG = 60
_ABOUT_PEOPLE = sum(source.of == "person" for source in FACTS.values())
# Someone grown with a child, a vehicle that may be renewed, and nobody of the demonstration's own.
_CANARY = """
    SELECT parent.personal_number, parent.given_name, parent.family_name, child.personal_number AS child
    FROM registers.person parent
    JOIN registers.person child ON parent.personal_number IN (child.father, child.mother)
    JOIN registers.vehicle ON owner = parent.personal_number
    WHERE parent.died_on IS NULL AND child.died_on IS NULL AND child.birthdate > current_date - interval '15 years'
      AND least(inspection_valid_until, insurance_valid_until) > current_date + 2
      AND parent.personal_number NOT IN (SELECT personal_number FROM registers.gap)
      AND EXISTS (SELECT FROM registers.residence a WHERE a.personal_number = parent.personal_number)
      AND parent.personal_number <> ALL($1)
    ORDER BY parent.personal_number, child.birthdate DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Canary:
    """Who walks, and her child."""

    person: Person
    child: str

    @property
    def numbers(self) -> tuple[str, str]:
        """The numbers that must not be heard."""
        return self.person.number, self.child


async def find_canary(demo: Demo, known: list[str]) -> Canary:
    """Return someone of the invented population whom no other journey knows."""
    async with memory(demo, "registers") as registers:
        row = await registers.fetchrow(_CANARY, known)
    assert row is not None
    person = Person(row["given_name"], row["family_name"], "2468", row["personal_number"], listed=False)
    return Canary(person, row["child"])


async def journeys(her: Visitor, canary: Canary, to: Path) -> list[str]:
    """Walk whole journeys; return the names of the files that she received."""
    await her.goes_to("/")
    await her.starts("birth-extract", canary.person)
    await her.page.locator(f'input[type=radio][value="{canary.child}"]').check()
    await her.saves()
    await her.sends()
    await her.pays_by_card(**DECLINED_CARD)
    await her.press("payment")
    await her.reaches("payments")
    async with _seals_cannot_be_made(her.demo):
        await her.pays_by_card()
    await her.waits_for_the_document(_LONG)
    extract = await her.downloads(to)
    await _is_verified(her, extract)
    await _renews_her_car(her)
    names = [extract.name, (await her.downloads(to)).name]
    await her.finds_a_message_about(extract.stem[-14:])
    await _signs_for_her_child(her, canary)
    return [*names, (await her.downloads(to)).name]


@asynccontextmanager
async def _seals_cannot_be_made(demo: Demo) -> AsyncGenerator[None]:
    """Keep the eID and its time stamps away until the worker has said that it tries again."""
    log = demo.settings.demo_directory / "logs" / "worker.log"
    before = log.read_text().count("task_failed")
    with away(demo, "eid"):
        yield
        for _ in range(300):
            if log.read_text().count("task_failed") > before:
                return
            await asyncio.sleep(0.1)
        raise AssertionError("the worker did not miss the time stamps")


async def _is_verified(her: Visitor, document: Path) -> None:
    await her.page.locator('input[name=score][value="5"]').check()
    await her.press("rating")
    await her.main.locator('a[href*="/v/"]').click()
    await expect(her.page.locator(".verdict")).to_be_visible()
    await her.goes_to("/verify")
    await her.page.locator("input[type=file]").set_input_files(document)
    await her.page.locator("form:has(input[type=file]) button[type=submit]").click()
    await expect(her.page.locator(".verdict")).to_be_visible()


async def _renews_her_car(her: Visitor) -> None:
    await her.starts("registration-renewal")
    cars = her.main.get_by_role("radio")
    for number in range(await cars.count()):
        await cars.nth(number).check()
        await her.saves()
        await her.reaches("portal", "/check")
        if not await her.page.locator("#stop-title").count():
            break
        await her.main.locator('a[href$="/sections/vehicle"]').click()
    await her.sends()
    await her.pays_by_bank()
    await her.waits_for_the_document(_LONG)


async def _signs_for_her_child(her: Visitor, canary: Canary) -> None:
    await her.starts("residence-certificate")
    await her.page.locator(f'input[type=radio][value="{canary.child}"]').check()
    await her.saves()
    await her.reaches("portal", "/sections/purpose")
    await her.chooses("school")
    await her.sends()
    await her.signs(canary.person)
    await her.waits_until_signed('form[action$="/payment"] button[type=submit], a[href$="/document"]')
    if not await her.document.count():
        await her.press("payment")
        await her.pays_by_card()
    await her.waits_for_the_document(_LONG)


async def her_data(her: Visitor) -> list[str]:
    """Look at her own data and at who looked, her child's too; ask, correct; return the names of the files."""
    await her.goes_to("/my-data")
    await expect(her.page.locator(".held__fact")).to_have_count(_ABOUT_PEOPLE, timeout=30_000)
    await her.goes_to("/my-data/tax/income/correction")
    await her.press("correction")
    await expect(her.page.locator(".govuk-error-summary")).to_be_visible()
    await her.goes_to("/data/children")
    await her.main.locator('a[href*="/data/children/"]').first.click()
    await her.main.locator('a[href$="/question"]').first.click()
    await her.main.get_by_role("textbox").fill("Pse u shikua kjo?")
    await her.press("question")
    await her.reaches("portal", "/data/questions/[0-9a-f-]{36}")
    await her.goes_to("/data")
    await her.main.locator('a[href*="/data/days/"]').first.click()
    await her.goes_to("/data")
    names: list[str] = []
    for kind in ("reads.pdf", "reads.csv", "reads.json"):
        async with her.page.expect_download() as coming:
            await her.main.locator(f'a[href$="/{kind}"]').click()
        names.append((await coming.value).suggested_filename)
    await her.page.goto(f"{her.demo.addresses['eid']}/my?language={her.language}")
    await her.page.wait_for_load_state()
    return names


async def refusals(her: Visitor, ear: Ear, canary: Canary) -> set[int]:
    """Be refused in many ways, with her number in hand; return the statuses that she was shown."""
    statuses: set[int] = set()
    for path in (f"/applications/{canary.person.number}", f"/v/{canary.child}", f"/services?q={canary.person.number}"):
        ear.typed.add(f"{her.demo.url}/{her.language}{path}")
        statuses.add((await her.goes_to(path)).status)
    for path in ("/nowhere", "/sign-out", "/applications?after=1", "/pay/nothing"):
        statuses.add((await her.goes_to(path)).status)
    base, number = f"{her.demo.url}/{her.language}", canary.person.number
    forged: list[tuple[str, dict[str, str | float | bool]]] = [
        (f"{base}/data/{'0' * 8}-0000-7000-8000-{'0' * 12}/question", {"text": number}),
        (f"{base}/services/birth-extract/applications", {"whom": canary.child}),
        (f"{base}/verify", {"file": number}),
        (f"{base}/sign-out", {"large": number * 40_000}),
        (f"{her.demo.addresses['payments']}/pay/nothing", {"number": number}),
        (f"{her.demo.addresses['eid']}/token", {"client_id": number, "login_hint": number}),
    ]
    for address, body in forged:
        answer = await her.context.request.post(address, form=body, max_redirects=0)
        statuses.add(answer.status)
        await ear.answers(answer)
    statuses.add(await _meets_silence(her, canary))
    return statuses


async def _meets_silence(her: Visitor, canary: Canary) -> int:
    await her.starts("birth-extract")
    await her.page.locator(f'input[type=radio][value="{canary.child}"]').check()
    with away(her.demo, "registers"):
        await her.saves()
        await expect(her.page.locator("#silent")).to_be_visible(timeout=25_000)
    for _ in range(60):  # until the register, which was left alone for a while, is asked again
        await her.page.reload()
        if not await her.page.locator("#silent").count():
            break
        await her.page.wait_for_timeout(500)
    with away(her.demo, "payments"):
        async with her.page.expect_response(lambda answer: answer.url.endswith("/submission")) as coming:
            await her.sends()
        status = (await coming.value).status
        await expect(her.main.locator(".reference__number")).to_have_text(re.compile("^[0-9A-Z]{8}$"), timeout=25_000)
    await her.goes_to("/applications")
    await her.main.locator('a[href*="/applications/"]').first.click()
    await her.deletes_the_draft()
    return status


async def at_the_eid(her: Visitor, ear: Ear, canary: Canary) -> None:
    """Sign out, type an address with her number, be refused by the eID in several ways, and come back in the end."""
    await her.signs_out()
    ear.typed.add(f"{her.demo.url}/{her.language}/data?who={canary.person.number}")
    await her.goes_to(f"/data?who={canary.person.number}")
    await her.reaches("eid")
    await her.page.locator("#personal_number").fill(canary.child)  # who has no eID
    await her.page.locator("form:has(#personal_number) button[type=submit]").click()
    await expect(her.page.locator(".govuk-error-summary")).to_be_visible()
    await her.says_she_is(canary.person)
    await her.enters("0000")
    await expect(her.page.get_by_role("alert").first).to_be_visible()
    await her.proves_it(canary.person)
    await her.reaches("portal", "/applications")


async def figures(demo: Demo) -> bytes:
    """Return the portal's figures for Prometheus."""
    async with httpx.AsyncClient(trust_env=False) as http:
        return (await http.get(f"http://127.0.0.1:{demo.settings.portal_metrics_port}/metrics")).content
