"""What each register holds of the demonstration's people, and how each can be wrong about others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.registers.sandbox.example import cases
from services.registers.sandbox.registry import registers as known
from services.registers.sandbox.registry import services

from .asking import AGIM, ARTA, BESNIK, DRITA, EMINE, LUAN, MILICA, SERVICES, answer, data, examples, fetch
from .conftest import Registers

DEMO = {"arta": ARTA, "milica": MILICA, "besnik": BESNIK, "drita": DRITA, "emine": EMINE, "luan": LUAN, "agim": AGIM}
COMPANY, TOGETHER = "811803364", "812640957"
DRITON = "1570583073"


def test_there_are_eleven_registers_each_found_by_its_package() -> None:
    assert {code: register.subsystem for code, register in known().items()} == SERVICES
    assert len(services()) > 25


@pytest.mark.parametrize("who", DEMO)
def test_every_service_answers_about_everyone_of_the_demonstration(country: Registers, who: str) -> None:
    for register in known().values():
        for service in register.services:
            assert answer(country, f"{register.code}/{service.code}", DEMO[who]).status_code == 200, service.code


def test_besnik_has_three_children_two_cars_and_a_company(country: Registers) -> None:
    assert [child["given_name"] for child in data(country, "civil-status/children", BESNIK)] == ["Rina", "Dion", "Lea"]
    assert len(data(country, "vehicles/vehicles", BESNIK)) == 2
    (company,) = data(country, "businesses/representees", BESNIK)
    assert (company["number"], company["name"], company["alone"]) == (COMPANY, "Gashi Transport SH.P.K.", True)


def test_arta_owns_most_of_a_company_and_directs_it_alone_and_driton_owns_the_rest(country: Registers) -> None:
    told = ("role", "share_percent", "represents", "alone")
    (company,) = data(country, "businesses/businesses", ARTA)
    assert [company[each] for each in told] == ["director", 60, True, True]
    assert company["activity"]["name"]["sr"] == "Specijalizovani dizajn"
    held = {one["number"]: one for one in data(country, "businesses/businesses", DRITON)}
    assert [held[company["number"]][each] for each in told] == ["owner", 40, False, False]


def test_driton_and_milica_may_act_for_their_company_only_together(country: Registers) -> None:
    represented = {"X_Road_Represented_Party": f"COM/{TOGETHER}"}
    for number in (DRITON, MILICA):
        (company,) = data(country, "businesses/representees", number)
        assert (company["number"], company["role"], company["alone"]) == (TOGETHER, "director", False)
        told = data(country, "businesses/business", number, **represented)
        assert {(one["personal_number"], one["alone"]) for one in told["representatives"]} == {
            (DRITON, False),
            (MILICA, False),
        }
        assert [one["share_percent"] for one in told["owners"]] == [50, 50]


@pytest.mark.parametrize("who", [DRITA, EMINE, LUAN, AGIM])
def test_who_has_no_company_may_represent_none(country: Registers, who: str) -> None:
    assert data(country, "businesses/representees", who) == []


def test_a_companys_data_is_told_to_who_may_represent_it_and_to_nobody_else(country: Registers) -> None:
    represented = {"X_Road_Represented_Party": f"COM/{COMPANY}"}
    told = data(country, "businesses/business", BESNIK, **represented)
    assert (told["name"], told["municipality"], told["vat"]) == ("Gashi Transport SH.P.K.", "prizren", True)
    assert [(one["given_name"], one["alone"]) for one in told["representatives"]] == [("Besnik", True)]
    assert data(country, "businesses/business", ARTA, **represented) is None
    assert data(country, "businesses/business", BESNIK) is None


def test_what_a_company_owes_is_told_to_who_may_represent_it_and_to_nobody_else(country: Registers) -> None:
    represented = {"X_Road_Represented_Party": f"COM/{COMPANY}"}
    told = data(country, "tax/business-status", BESNIK, **represented)
    assert (told["number"], told["owed_cents"], told["attestation"]) == (COMPANY, 0, True)
    assert data(country, "tax/business-status", ARTA, **represented) is None
    assert data(country, "tax/business-status", BESNIK) is None
    for number in examples(country, "business_tax_debt")["tax"]:
        parties = [one["number"] for one in data(country, "businesses/representees", number)]
        owed = [
            data(country, "tax/business-status", number, X_Road_Represented_Party=f"COM/{party}") for party in parties
        ]
        assert any(one["owed_cents"] > 0 and not one["attestation"] for one in owed)


def test_who_owns_without_directing_may_not_act_for_a_company(country: Registers) -> None:
    for number in examples(country, "represents_jointly")["businesses"]:
        assert not any(
            one["alone"] for one in data(country, "businesses/representees", number) if one["form"] != "individual"
        )


def test_milicas_card_runs_out_within_sixty_days_and_besniks_passport_has(country: Registers) -> None:
    (card,) = data(country, "identity-documents/documents", MILICA)
    left = datetime.fromisoformat(card["valid_until"]).date() - datetime.now(UTC).date()
    assert timedelta(days=35) < left < timedelta(days=60)
    statuses = {one["kind"]: one["status"] for one in data(country, "identity-documents/documents", BESNIK)}
    assert statuses == {"identity_card": "valid", "passport": "expired"}


def test_emine_draws_her_pension_and_luan_is_in_the_twelfth_grade(country: Registers) -> None:
    (pension,) = data(country, "employment/pensions", EMINE)
    assert pension["kind"] in {"basic_age", "contributory_age"}
    enrolled = data(country, "education/enrolment", LUAN)
    assert enrolled["level"] == "upper_secondary"
    assert 11 <= enrolled["grade"] <= 12


def test_nobody_of_the_demonstration_owes_tax_or_is_convicted(country: Registers) -> None:
    for number in DEMO.values():
        assert data(country, "tax/status", number)["attestation"]
        assert not data(country, "criminal-record/record", number)["convicted"]


def test_besniks_pay_comes_from_his_company_and_is_taxed(country: Registers) -> None:
    (job,) = data(country, "employment/employment", BESNIK)
    income = data(country, "tax/income", BESNIK)
    assert job["employer"] == COMPANY
    assert {year["payer"] for year in income} == {COMPANY}
    assert all(0 < year["tax_cents"] < year["gross_cents"] // 10 for year in income)


def test_the_family_of_a_mother_is_her_husband_her_children_and_her_parents(country: Registers) -> None:
    kin = data(country, "civil-status/family", ARTA)
    assert [one["relation"] for one in kin] == ["spouse", "child", "child", "mother", "father"]
    assert [one["given_name"] for one in kin] == ["Driton", "Lis", "Era", "Vjosa", "Skënder"]


def test_a_household_is_who_lives_at_the_same_address(country: Registers) -> None:
    names = {one["given_name"] for one in data(country, "addresses/household", ARTA)}
    assert names == {"Arta", "Driton", "Lis", "Era", "Mihrije"}


@pytest.mark.parametrize("case", cases())
async def test_somebody_shows_every_case(country: Registers, case: str) -> None:
    assert examples(country, case)


def test_a_register_with_a_gap_does_not_know_whom_civil_status_knows(country: Registers) -> None:
    gaps = examples(country, "not_found")
    assert set(gaps) == {"addresses", "education", "health", "tax"}
    first = {"addresses": "address", "education": "enrolment", "health": "insurance", "tax": "status"}
    for register, numbers in gaps.items():
        response = answer(country, f"{register}/{first[register]}", numbers[0])
        assert (response.status_code, response.json()["type"]) == (404, "Server.Register.UnknownPerson")
        assert data(country, "civil-status/person", numbers[0])["personal_number"] == numbers[0]


@pytest.mark.parametrize("service", ["addresses/address", "health/insurance"])
def test_two_records_of_one_person_are_said_and_not_chosen_from(country: Registers, service: str) -> None:
    number = examples(country, "two_records")[service.partition("/")[0]][0]
    response = answer(country, service, number)
    assert (response.status_code, response.json()["type"]) == (409, "Server.Register.TwoRecords")
    assert "x-road-error" not in response.headers
    assert response.headers["x-jws-signature"]


def test_civil_status_and_addresses_contradict_each_other_about_somebody(country: Registers) -> None:
    known_by_both = set(examples(country, "contradiction")["addresses"]) - set(
        examples(country, "two_records")["addresses"]
    )
    number = min(known_by_both)
    civil = data(country, "civil-status/person", number)["residence_municipality"]
    assert civil != data(country, "addresses/address", number)["municipality"]


def test_an_address_says_when_it_was_last_confirmed(country: Registers) -> None:
    number = examples(country, "stale")["addresses"][0]
    confirmed = datetime.fromisoformat(data(country, "addresses/address", number)["confirmed_on"]).date()
    assert datetime.now(UTC).date() - confirmed > timedelta(days=8 * 365)


def test_a_conviction_may_stand_under_the_wrong_persons_number(country: Registers) -> None:
    number = examples(country, "mistaken_identity")["criminal-record"][0]
    person = data(country, "civil-status/person", number)
    convicted = {one["convicted_as"] for one in data(country, "criminal-record/record", number)["convictions"]}
    assert f"{person['given_name']} {person['family_name']}" not in convicted


async def test_a_deleted_conviction_is_told_to_nobody(country: Registers) -> None:
    rows = await fetch(
        country, "SELECT personal_number, case_number FROM conviction WHERE deleted_on < current_date - 2"
    )
    assert rows
    for row in rows:
        told = data(country, "criminal-record/record", row["personal_number"])["convictions"]
        assert row["case_number"] not in {one["case_number"] for one in told}
