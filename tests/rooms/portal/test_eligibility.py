"""Anyone hears before signing in whether she can apply; what she answered is nowhere afterwards."""

from __future__ import annotations

import re

import pytest

from i18n.text import LANGUAGES, Language
from portal.demo.plan import Plan
from services.catalogue.load import catalogue
from tests.rooms.portal.visitor import Visitor, links

RENEWAL = "/services/registration-renewal/eligibility"
_FIELD = re.compile(r'name="((?:chosen|applicant)-[a-z_-]+)"')


def _day(field: str, day: str) -> dict[str, str]:
    year, month, number = day.split("-")
    return {f"{field}-day": number, f"{field}-month": month, f"{field}-year": year}


async def test_a_stranger_hears_what_the_rules_say_of_her_answers_and_nothing_is_kept(
    visitor: Visitor, town: Plan
) -> None:
    service = await visitor.get("/en/services/registration-renewal")
    assert not visitor.cookies
    (way,) = links(service, "/en/services/registration-renewal/eligibility")
    page = await visitor.get(way)
    inspection, insurance = "chosen-vehicle-inspection_valid_until", "chosen-vehicle-insurance_valid_until"
    typed = {"applicant-vehicles": "41", **_day(inspection, "2031-05-17"), **_day(insurance, "2031-05-18")}
    told = await visitor.send(page, RENEWAL, typed)
    assert "You can apply" in told.text
    assert 'value="41"' in told.text, "what was typed comes back"
    lapsed = await visitor.send(page, RENEWAL, typed | _day(inspection, "2021-05-17"))
    assert "You cannot apply" in lapsed.text
    assert "17 May 2021" in lapsed.text
    half = await visitor.send(page, RENEWAL, {"applicant-vehicles": "1"})
    assert "We can only tell after you sign in" in half.text
    assert "Register of vehicles: Vehicles" in half.text
    wrong = await visitor.send(page, RENEWAL, typed | {f"{inspection}-month": "13"})
    assert wrong.status_code == 422
    assert 'value="13"' in wrong.text
    assert {each.url.query for each in (told, lapsed, half, wrong)} == {b""}
    assert [name for name in visitor.cookies if "csrf" not in name] == []
    assert not re.search(r"\b2031\b", (town.directory / "portal.log").read_text())


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_service_with_rules_can_be_asked(visitor: Visitor, language: Language) -> None:
    for service in catalogue().all():
        page = await visitor.get(f"/{language}/services/{service.id}/eligibility")
        assert page.status_code == 200
        if 'method="post"' in page.text:
            told = await visitor.send(page, "/eligibility")
            assert 'id="verdict-title"' in told.text, service.id
        else:
            assert 'id="verdict-title"' in page.text, service.id
    assert (await visitor.get(f"/{language}/services/nothing/eligibility")).status_code == 404
