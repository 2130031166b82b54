"""A certificate of residence: for oneself or one's child, at a fee or free, and plainly stopped without an address."""

from __future__ import annotations

import subprocess
from pathlib import Path

from playwright.async_api import expect

from tests.journeys.conftest import Windows
from tests.journeys.people import AGIM, ARTA, EMINE, MILICA


async def test_artas_child_gets_one_for_free_in_prishtina(visit: Windows, tmp_path: Path) -> None:
    arta = await visit("sq", person=ARTA)
    await arta.starts("residence-certificate")
    await arta.page.get_by_role("radio", name="Era Krasniqi").check()
    await arta.saves()
    await arta.reaches("portal", "/sections/purpose")
    await arta.chooses("school")
    await expect(arta.main).to_contain_text("Pa pagesë")
    await expect(arta.main).to_contain_text("Mark Isaku")
    await arta.sends()
    await arta.signs(ARTA)
    await arta.waits_for_the_document()
    text = _text(await arta.downloads(tmp_path))
    assert "Era" in text
    assert "Shkollë ose universitet" in text


async def test_milica_pays_one_euro_in_gracanica(visit: Windows) -> None:
    milica = await visit("sr", person=MILICA)
    await milica.starts("residence-certificate")
    await milica.chooses("self", "bank")
    await expect(milica.main).to_contain_text("1,00 €")
    await milica.sends()
    await milica.reaches("payments")
    await expect(milica.heading).to_contain_text("1,00 €")
    await milica.pays_by_card()
    await milica.waits_for_the_document()


async def test_whoever_needs_it_for_something_else_says_for_what(visit: Windows, tmp_path: Path) -> None:
    emine = await visit("sq", person=EMINE)
    await emine.starts("residence-certificate")
    await emine.chooses("other")
    await emine.reaches("portal", "/sections/purpose-other")
    await emine.saves()
    await expect(emine.page.get_by_role("alert")).to_be_visible()
    await emine.main.get_by_role("textbox").fill("Për bibliotekën e qytetit")
    await emine.saves()
    await expect(emine.main).to_contain_text("Për bibliotekën e qytetit")
    await emine.main.locator('a[href$="/sections/purpose"]').click()
    await emine.chooses("court")
    await expect(emine.main).not_to_contain_text("Për bibliotekën e qytetit")
    await expect(emine.main).to_contain_text("2,00 €")
    await emine.sends()
    await emine.pays_by_card()
    await emine.waits_for_the_document()
    assert "Gjykatë" in _text(await emine.downloads(tmp_path))


async def test_agim_has_no_address_and_is_told_at_once_and_refused_when_he_insists(visit: Windows) -> None:
    agim = await visit("sq", person=AGIM)
    await agim.starts("residence-certificate")
    stop = agim.page.get_by_role("region", name="Kjo do të refuzohej")
    await expect(stop).to_contain_text("nuk është shënuar asnjë vendbanim për personin Agim Shala")
    await agim.chooses("bank")
    await expect(stop).to_contain_text("Agim Shala")
    await agim.sends()
    await expect(agim.main).to_contain_text("E refuzuar")
    await expect(agim.main).to_contain_text("nuk është shënuar asnjë vendbanim për personin Agim Shala")
    await expect(agim.main).to_contain_text("Asgjë nuk u pagua")
    await expect(agim.document).to_have_count(0)


def _text(file: Path) -> str:
    return subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True).stdout
