"""Whoever applies for a company is asked which, and only then is asked of it what is needed, on its behalf."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from msgspec.structs import replace

from i18n.text import LANGUAGES, Language
from services.applications import company, progress, sheet
from services.applications.application import Application
from tests.unit.applications.people import (
    ARTA,
    BIRTH,
    CERTIFICATE,
    DRITA,
    NOW,
    SHOP,
    TAX,
    TOGETHER,
    draft,
    fact,
    service,
)

TODAY = progress.day(NOW)
PARTY = f"COM/{SHOP}"


def needs(application: Application) -> list[tuple[str, str]]:
    found = progress.needs(service(application.service_id), ARTA, NOW, application)
    return [(need.name, need.about) for need in found]


def pages(service_id: str, number: str, answers: dict[str, object] | None = None) -> list[str]:
    return [page.section_id for page in progress.pages(draft(service_id, number, answers), service(service_id), TODAY)]


def test_a_company_is_asked_about_once_it_is_chosen_and_its_needs_say_on_whose_behalf() -> None:
    begun = draft(CERTIFICATE, ARTA)
    assert needs(begun) == []
    chosen = progress.with_answers(begun, service(CERTIFICATE), {"business": SHOP}, TODAY)
    assert needs(chosen) == [("registration", PARTY)]
    (need,) = progress.needs(service(CERTIFICATE), ARTA, NOW, chosen)
    assert need.purpose.en.endswith("On behalf of Krasniqi Dizajn SH.P.K. (810457219).")
    assert need.purpose.sr.endswith("U ime biznisa Krasniqi Dizajn SH.P.K. (810457219).")
    assert need == progress.representation(service(CERTIFICATE), chosen)


def test_what_is_known_of_a_company_goes_when_another_is_chosen() -> None:
    first = draft(CERTIFICATE, ARTA, {"business": SHOP})
    assert company.of(first, service(CERTIFICATE)) == company.Company(SHOP, "Krasniqi Dizajn SH.P.K.")
    second = progress.with_answers(first, service(CERTIFICATE), {"business": TOGETHER}, TODAY)
    assert {fact.about for fact in second.facts} == {ARTA}
    assert needs(second) == [("registration", f"COM/{TOGETHER}")]
    known = progress.values(second, service(CERTIFICATE), TODAY)
    assert (known["company"], known["applicant"]["businesses"][0]["number"]) == ({}, SHOP)


def test_what_a_company_said_yesterday_is_asked_anew() -> None:
    whole = draft(CERTIFICATE, ARTA, {"business": SHOP})
    assert progress.owed(service(CERTIFICATE), whole, NOW + timedelta(hours=23)) == []
    owed = progress.owed(service(CERTIFICATE), whole, NOW + timedelta(hours=25))
    assert [need.name for need in owed] == ["businesses", "registration"]


def test_of_a_company_that_no_register_has_named_yet_nothing_is_asked() -> None:
    typed = draft(CERTIFICATE, ARTA, {"business": SHOP}, facts=())
    assert needs(typed) == [("businesses", ARTA)]
    assert company.of(typed, service(CERTIFICATE)) is None
    assert [page.done for page in progress.pages(typed, service(CERTIFICATE), TODAY)] == [True]
    told = progress.settled(replace(typed, facts=(fact("businesses", ARTA),)), service(CERTIFICATE), TODAY)
    assert (told.answers, needs(told)) == ({"business": SHOP}, [("registration", PARTY)])
    foreign = replace(typed, answers={"business": "899999999"}, facts=(fact("businesses", ARTA),))
    assert progress.settled(foreign, service(CERTIFICATE), TODAY).answers == {}


def test_who_has_no_business_is_asked_nothing_and_is_told_what_she_owes_herself() -> None:
    assert pages(TAX, DRITA) == []
    begun = draft(TAX, DRITA, facts=(fact("businesses", DRITA),))
    found = progress.needs(service(TAX), DRITA, NOW, begun)
    assert [(need.name, need.about) for need in found] == [("person", DRITA), ("tax_status", DRITA)]
    stop = progress.stop(draft(TAX, DRITA), service(TAX), TODAY)
    assert stop is not None
    assert (stop.rule, "450,00" in stop.message.sr) == ("owes-nothing", True)


def test_of_a_director_nobody_asks_what_she_owes_herself_while_she_asks_for_her_company() -> None:
    assert pages(TAX, ARTA) == ["behalf"]
    begun = replace(draft(TAX, ARTA), facts=(fact("businesses", ARTA),))
    assert needs(begun) == []
    for_company = progress.with_answers(begun, service(TAX), {"behalf": "business", "business": SHOP}, TODAY)
    assert needs(for_company) == [("registration", PARTY), ("business_tax", PARTY)]
    for_herself = progress.with_answers(for_company, service(TAX), {"behalf": "self", "business": SHOP}, TODAY)
    assert for_herself.answers == {"behalf": "self"}
    assert needs(for_herself) == [("person", ARTA), ("tax_status", ARTA)]


@pytest.mark.parametrize(
    ("answers", "by", "stop"),
    [
        ({"behalf": "self"}, "none", None),
        ({"behalf": "business", "business": SHOP}, "company", None),
        ({"behalf": "business", "business": TOGETHER}, "company", "business-owes-nothing"),
    ],
)
def test_for_a_company_its_own_debts_count_and_it_is_signed(
    answers: dict[str, object], by: str, stop: str | None
) -> None:
    application = draft(TAX, ARTA, answers)
    assert progress.signers(application, service(TAX), TODAY) == by
    objection = progress.stop(application, service(TAX), TODAY)
    assert (objection.rule if objection else None) == stop


def test_who_may_not_act_for_a_company_is_told_so_and_nothing_of_it() -> None:
    whole = draft(CERTIFICATE, ARTA, {"business": SHOP})
    untold = [dataclasses.replace(one, value=None) if company.is_party(one.about) else one for one in whole.facts]
    bare = replace(whole, facts=tuple(untold))
    stop = progress.stop(bare, service(CERTIFICATE), TODAY)
    assert stop is not None
    assert (stop.rule, "Krasniqi Dizajn SH.P.K." in stop.message.sq) == ("may-act", True)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("service_id", "answers"),
    [
        (CERTIFICATE, {"business": SHOP}),
        (CERTIFICATE, {"business": TOGETHER}),
        (TAX, {"behalf": "self"}),
        (TAX, {"behalf": "business", "business": SHOP}),
    ],
)
def test_the_document_names_whom_it_is_for_and_no_row_is_empty(
    service_id: str, answers: dict[str, object], language: Language
) -> None:
    application = draft(service_id, ARTA, answers)
    content = sheet.content(application, service(service_id), language, TODAY)
    said = [row for _title, rows in content.sections for row in rows]
    assert all(label and value not in ("", "–") for label, value in said)
    named = answers.get("business", ARTA)
    assert any(value == named for _label, value in said)
    assert (ARTA in str(content.data)) == (named == ARTA)


def test_who_may_act_stands_in_the_certificate_as_the_register_has_it() -> None:
    content = sheet.content(draft(CERTIFICATE, ARTA, {"business": TOGETHER}), service(CERTIFICATE), "en", TODAY)
    said = {label: value for _title, rows in content.sections for label, value in rows}
    assert said["May act only together"] == "Arta Krasniqi; Besnik Gashi"
    assert "May act alone" not in said
    assert (said["Form"], said["Activity"]) == ("limited company", "Design")


def test_nobody_acts_for_a_company_where_none_is_asked_for() -> None:
    whole = draft(BIRTH, ARTA, {"whom": "self"})
    assert company.of(whole, service(BIRTH)) is None
    assert progress.representation(service(BIRTH), whole) is None
    assert progress.name_of(whole, service(BIRTH)) == "Arta Krasniqi"
    for_company = draft(CERTIFICATE, ARTA, {"business": SHOP})
    assert progress.name_of(for_company, service(CERTIFICATE)) == "Krasniqi Dizajn SH.P.K."
