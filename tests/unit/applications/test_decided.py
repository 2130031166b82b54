"""A decision says what was asked for, what came out, why, and what can be done, in the application's language."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from i18n.text import LANGUAGES, Language, Wording
from services.applications import decided, sheet
from services.applications.application import RefusalReason
from tests.unit.applications.people import ARTA, BESNIK, BIRTH, NOW, RENEWAL, draft, service

DAY = date(2026, 11, 27)
REASON = RefusalReason("inspection", Wording("Kontrolli ka skaduar.", "Pregled je istekao.", "The inspection is over."))


def test_besniks_refusal_says_the_rules_own_reason_and_where_he_may_appeal() -> None:
    refused = draft(RENEWAL, BESNIK, {"vehicle": "04-777-EF"}, refusal=REASON, submitted_at=NOW, language="en")
    said = decided.decided(refused, service(RENEWAL), (), DAY)
    assert not said.is_granted
    assert said.outcome == "The application is refused."
    assert said.reasons == ("The inspection is over.",)
    assert "23 November 2026" in said.introduction
    assert refused.reference in said.introduction
    assert "Administrative Instruction (MIA) No. 01/2018" in said.introduction
    assert said.remedy == "You may appeal at the institution within 30 days of receiving this decision."
    in_office = decided.decided(replace(refused, desk="arc"), service(RENEWAL), (), DAY)
    assert in_office.remedy == "You may appeal until 27 December 2026, in the portal on the page of this application."
    _title, rows = decided.about(refused, service(RENEWAL))
    assert dict(rows)["Concerns"] == "Besnik Gashi"


def test_what_a_rule_grants_names_the_registers_that_were_asked_and_an_officer_speaks_for_herself() -> None:
    granted = draft(BIRTH, ARTA, {"whom": "self"}, language="en")
    by_rule = decided.decided(granted, service(BIRTH), (), DAY)
    assert by_rule.is_granted
    assert by_rule.reasons[-1] == "Registers that were asked: Central Civil Status Register."
    assert decided.decided(granted, service(BIRTH), ["The book says so."], DAY).reasons == ("The book says so.",)
    unsaid = decided.decided(granted, service("name-change"), (), DAY)
    assert unsaid.reasons[0].startswith("An officer examined the application.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_place_is_left_open_in_any_language(language: Language) -> None:
    for application in (
        draft(BIRTH, ARTA, {"whom": "self"}, language=language),
        draft(RENEWAL, BESNIK, {"vehicle": "04-777-EF"}, language=language, refusal=REASON),
    ):
        said = decided.decided(application, service(application.service_id), (), DAY)
        words = [said.introduction, said.outcome, *said.reasons, said.remedy]
        words.append(decided.title(application, service(application.service_id)).say(language))
        assert all(word and "%" not in word for word in words)


def test_a_permit_holds_from_the_day_of_issue_and_an_attestation_half_a_year() -> None:
    permit = draft("resident-parking-permit", ARTA, {"vehicle": "01-234-AB", "another": False})
    said = sheet.content(permit, service("resident-parking-permit"), "sq", date(2026, 11, 23), DAY)
    assert (said.variant, said.since, said.until) == ("permit", "27.11.2026", "")
    assert said.conditions[0] == "Jetoni në këtë rrugë."
    assert said.data["valid_since"] == "2026-11-27"
    assert sheet.content(draft(BIRTH, ARTA, {"whom": "self"}), service(BIRTH), "sq", DAY).until == ""
