"""What the pages of a form show follows from the application and its service alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from i18n.refusal import NotFound
from i18n.text import LANGUAGES
from portal.pages.application_form import check_page, next_page, question_page, revision
from services.applications.application import Application
from services.catalogue.service import Service
from tests.unit.applications.people import (
    ARTA,
    BESNIK,
    BIRTH,
    CERTIFICATE,
    CHILD,
    DRITA,
    NOW,
    RENEWAL,
    RESIDENCE,
    SHOP,
    TOGETHER,
    draft,
    service,
)

HOUSE = service(RESIDENCE)


def _page(
    application: Application, section: str, definition: Service = HOUSE, typed: dict[str, list[str]] | None = None
) -> dict[str, Any]:
    return question_page(application, definition, section, "en", NOW, typed=typed)


def test_the_first_page_that_is_not_done_comes_next_and_then_the_check() -> None:
    assert next_page(draft(RESIDENCE, ARTA), HOUSE, NOW) == "sections/whom"
    assert next_page(draft(RESIDENCE, ARTA, {"whom": "self"}), HOUSE, NOW) == "sections/purpose"
    assert next_page(draft(RESIDENCE, ARTA, {"whom": "self", "purpose": "bank"}), HOUSE, NOW) == "check"


def test_who_has_no_children_is_not_asked_about_them() -> None:
    assert next_page(draft(RESIDENCE, DRITA), HOUSE, NOW) == "sections/purpose"
    with pytest.raises(NotFound):
        _page(draft(RESIDENCE, DRITA), "whom")


def test_a_page_says_where_one_is_and_leads_back() -> None:
    application = draft(RESIDENCE, ARTA, {"whom": "self"})
    first, second = _page(application, "whom"), _page(application, "purpose")
    assert (first["step"], second["step"]) == (1, 2)
    assert first["steps"] == second["steps"] == 3
    assert first["back"] == "/en/applications"
    assert second["back"] == f"/en/applications/{application.id}/sections/whom"


def test_a_page_shows_what_was_answered_and_rather_what_was_typed_last() -> None:
    application = draft(RESIDENCE, ARTA, {"whom": CHILD})
    assert _page(application, "whom")["fields"][0]["value"] == CHILD
    assert _page(application, "whom", typed={"whom": ["self"]})["fields"][0]["value"] == "self"
    assert _page(application, "whom", typed={})["fields"][0]["value"] == ""


def test_the_options_are_her_own_children_and_vehicles() -> None:
    (whom,) = _page(draft(RESIDENCE, ARTA), "whom")["fields"]
    assert [option["value"] for option in whom["options"]] == ["self", CHILD]
    renewal = service(RENEWAL)
    section = renewal.sections[0].id
    (vehicle,) = _page(draft(RENEWAL, BESNIK), section, renewal)["fields"]
    assert len(vehicle["options"]) == 3


@pytest.mark.parametrize("section", ["none", "", "../check"])
def test_a_page_that_this_case_does_not_have_is_not_found(section: str) -> None:
    with pytest.raises(NotFound):
        _page(draft(RESIDENCE, ARTA), section)


def test_the_check_shows_answers_facts_and_fee() -> None:
    application = draft(RESIDENCE, ARTA, {"whom": "self", "purpose": "bank"})
    for language in LANGUAGES:
        page = check_page(application, HOUSE, language, NOW, ARTA)
        assert [row["change_href"].rpartition("/")[2] for row in page["answers"]] == ["whom", "purpose"]
        assert {fact["fetched_at"] for fact in page["facts"]} == {NOW}
        assert page["stop"] is None
        assert page["fee"] in {0, 200, 300}
        assert page["back"].endswith("/sections/purpose")


@pytest.mark.parametrize(
    ("number", "business", "others"), [(ARTA, SHOP, []), (ARTA, TOGETHER, ["Besnik Gashi"]), (DRITA, TOGETHER, [])]
)
def test_the_check_names_the_company_and_who_signs_for_it_too(number: str, business: str, others: list[str]) -> None:
    application = draft(CERTIFICATE, ARTA, {"business": business})
    page = check_page(application, service(CERTIFICATE), "sr", NOW, number)
    assert (page["company"].number, page["others"], page["stop"]) == (business, others, None)


def test_without_facts_no_page_breaks() -> None:
    for service_id in (BIRTH, RESIDENCE, RENEWAL):
        bare = draft(service_id, ARTA, facts=())
        next_page(bare, service(service_id), NOW + timedelta(days=2))
        check_page(bare, service(service_id), "sq", NOW, ARTA)


@pytest.mark.parametrize(("sent", "read"), [("7", 7), ("0", 0), ("", -1), ("-1", -1), ("9" * 40, -1), ("٣", -1)])
def test_a_revision_is_a_number_that_fits(sent: str, read: int) -> None:
    assert revision({"revision": [sent]}) == read


def test_without_a_revision_there_is_none() -> None:
    assert revision({}) == revision({"revision": []}) == -1
