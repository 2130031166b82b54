"""A document says what the registers and the answers say, in the application's language."""

from __future__ import annotations

import msgspec
import pytest

from i18n.text import LANGUAGES, Language
from services.applications import progress, sheet
from tests.unit.applications.people import ARTA, BESNIK, BIRTH, CHILD, NOW, RENEWAL, RESIDENCE, draft, service

TODAY = progress.day(NOW)


def rows(service_id: str, number: str, answers: dict[str, object], language: Language) -> dict[str, str]:
    application = draft(service_id, number, answers)
    sections = sheet.document_sections(application, service(service_id), language, TODAY)
    return {label: value for _title, rows in sections for label, value in rows}


def test_artas_birth_extract_speaks_albanian() -> None:
    said = rows(BIRTH, ARTA, {"whom": "self"}, "sq")
    assert said["Data e lindjes"] == "14.05.1990"
    assert said["Gjinia"] == "femër"
    assert said["Statusi martesor"] == "e martuar"
    assert said["Shtetësia"] == "Kosovë"
    assert said["Mbiemri i lindjes"] == "Morina"


def test_the_same_in_serbian_and_english() -> None:
    assert rows(BIRTH, ARTA, {"whom": "self"}, "sr")["Bračni status"] == "udata"
    said = rows(BIRTH, ARTA, {"whom": "self"}, "en")
    assert said["Date of birth"] == "14 May 1990"
    assert said["Municipality"] == "Pristina"


def test_a_childs_extract_is_about_the_child_and_leaves_out_what_does_not_apply() -> None:
    said = rows(BIRTH, ARTA, {"whom": CHILD}, "en")
    assert said["First name"] == "Leka"
    assert said["Personal number"] == CHILD
    assert "Last name at birth" not in said


@pytest.mark.parametrize(
    ("answers", "written"),
    [
        ({"whom": "self", "purpose": "school"}, "Škola ili univerzitet"),
        ({"whom": "self", "purpose": "other", "purpose_other": "Članska karta"}, "Članska karta"),
    ],
)
def test_the_purpose_is_written_as_it_was_chosen(answers: dict[str, object], written: str) -> None:
    assert rows(RESIDENCE, ARTA, answers, "sr")["Izdaje se za"] == written


def test_a_renewal_is_valid_a_year_from_the_day_the_old_one_ends() -> None:
    assert rows(RENEWAL, BESNIK, {"vehicle": "04-111-BG"}, "sq")["Regjistrimi vlen deri më"] == "01.12.2027"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("service_id", "answers"),
    [
        (BIRTH, {"whom": "self"}),
        (RESIDENCE, {"whom": "self", "purpose": "bank"}),
        (RENEWAL, {"vehicle": "01-234-AB"}),
    ],
)
def test_no_row_of_a_whole_case_is_empty(service_id: str, answers: dict[str, object], language: Language) -> None:
    content = sheet.content(draft(service_id, ARTA, answers), service(service_id), language, TODAY)
    assert content.title == service(service_id).document.title.say(language)
    assert content.legal_basis
    for _title, written in content.sections:
        assert written
        assert all(label and value not in ("", "–") for label, value in written)


def test_machines_read_bare_values() -> None:
    content = sheet.content(draft(BIRTH, ARTA, {"whom": "self"}), service(BIRTH), "sq", TODAY)
    assert content.data["The birth"]["Date of birth"] == "1990-05-14"
    assert content.data["The person"]["Marital status"] == "married"
    assert msgspec.json.decode(msgspec.json.encode(content.data)) == content.data
