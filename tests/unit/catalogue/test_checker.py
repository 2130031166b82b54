"""Who answers truthfully before sign-in hears what the application would say, or that the registers will tell."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from i18n.text import LANGUAGES
from services.catalogue import checker, decision
from services.catalogue.checker import Verdict
from services.catalogue.example import Example
from services.catalogue.load import catalogue
from services.catalogue.rules import Values
from services.catalogue.service import Service
from tests.unit.applications.people import AGIM, ARTA, BESNIK, DRITA, REGISTERS
from tests.unit.catalogue.honest import choices, hears_the_same, truthful

TODAY = date(2026, 11, 23)


def _service(service_id: str) -> Service:
    found = catalogue().get(service_id)
    assert found
    return found


def _examples() -> Iterator[tuple[Service, Example]]:
    return ((service, example) for service in catalogue().all() for example in service.examples)


def _case(service: Service, example: Example) -> Values:
    return decision.case(
        service,
        applicant=example.applicant,
        beneficiary=example.beneficiary,
        company=example.company or {},
        answers=example.answers,
        today=date.fromisoformat(example.today),
    )


@pytest.mark.parametrize(
    ("service", "example"), list(_examples()), ids=lambda one: getattr(one, "id", getattr(one, "title", ""))
)
def test_an_honest_person_hears_what_the_application_would_say(service: Service, example: Example) -> None:
    values = _case(service, example)
    hears_the_same(service, values, date.fromisoformat(example.today))


def test_so_do_people_whose_registers_are_known_whatever_they_choose() -> None:
    decided = 0
    for service in catalogue().all():
        for number in (ARTA, BESNIK, AGIM, DRITA):
            for values in choices(service, REGISTERS[number], REGISTERS, TODAY):
                decided += hears_the_same(service, values, TODAY).outcome != "later"
    assert decided > 50


def test_most_worked_cases_are_told_before_anyone_signs_in() -> None:
    outcomes = [
        checker.verdict(service, truthful(service, _case(service, example)), date.fromisoformat(example.today)).outcome
        for service, example in _examples()
        if service.eligibility
    ]
    assert outcomes.count("later") / len(outcomes) < 0.5


def test_what_nobody_answered_is_left_to_the_registers() -> None:
    for service in catalogue().all():
        nothing = checker.verdict(service, {}, TODAY)
        assert nothing.outcome == ("later" if service.eligibility else "can"), service.id
        assert bool(nothing.facts or nothing.answers) is bool(service.eligibility), service.id


def test_a_passed_inspection_is_told_by_the_rules_own_words() -> None:
    service = _service("registration-renewal")
    ids = {one.about: one.question.id for one in checker.questions(service)}
    given: dict[str, Any] = {
        ids["applicant.vehicles"]: 1,
        ids["chosen.vehicle.inspection_valid_until"]: "2027-05-01",
        ids["chosen.vehicle.insurance_valid_until"]: "2027-05-01",
    }
    assert checker.verdict(service, given, TODAY).outcome == "can"
    lapsed = given | {ids["chosen.vehicle.inspection_valid_until"]: "2026-10-02"}
    told = checker.verdict(service, lapsed, TODAY).objection
    assert told
    assert "02.10.2026" in told.message.say("sq")
    half = {ids["applicant.vehicles"]: 2}
    assert checker.verdict(service, half, TODAY).facts == ("vehicles",)
    assert checker.verdict(service, {ids["applicant.vehicles"]: 0}, TODAY).outcome == "cannot"


def test_a_list_of_which_only_the_length_is_known_decides_nothing_about_its_entries() -> None:
    service = _service("pension-attestation")
    (count,) = (one.question.id for one in checker.questions(service))
    assert checker.verdict(service, {count: 0}, TODAY).outcome == "cannot"
    assert checker.verdict(service, {count: 1}, TODAY) == Verdict("later", None, ("pensions",))


def test_a_rule_that_asks_whether_something_is_there_is_left_open_while_that_is_unknown() -> None:
    rule = replace(_service("birth-certificate").eligibility[0], rule="!has(applicant.licence)")
    values: Values = {"applicant": {}, "today": "2026-11-23"}
    assert checker.truth(rule, values) is None
    assert checker.truth(replace(rule, rule="applicant.licence == null"), {"applicant": {"licence": None}}) is True


def test_every_question_is_asked_once_in_words_of_every_language() -> None:
    for service in catalogue().all():
        asked = [one.question for one in checker.questions(service)]
        assert len({one.id for one in asked}) == len(asked), service.id
        assert len(asked) <= 8, service.id
        for one in asked:
            assert all(one.label.say(language).strip() for language in LANGUAGES)
