"""Who answers truthfully before sign-in hears what the application would say, or that the registers will tell."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import product
from typing import Any, cast

import pytest
from msgspec.structs import replace

from i18n.text import LANGUAGES
from services.catalogue import checker, decision, listed
from services.catalogue.checker import Asked, Verdict
from services.catalogue.example import Example
from services.catalogue.load import catalogue
from services.catalogue.question import Asset, Child, Choice, Relative
from services.catalogue.rules import Values, holds
from services.catalogue.service import Service
from tests.unit.applications.people import AGIM, ARTA, BESNIK, DRITA, REGISTERS

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


def _at(values: Any, path: str) -> Any:  # noqa: ANN401 - JSON
    """Return what stands there; KeyError where the example says nothing."""
    for name in path.split("."):
        if values is None:
            raise KeyError(name)
        values = values[name]
    return values


def truthful(service: Service, values: Values) -> dict[str, Any]:
    """Return what an honest person would answer whose case this is; what the case leaves open she leaves out."""
    given: dict[str, Any] = {}
    for one in checker.questions(service):
        try:
            given[one.question.id] = _answer(service, one, values)
        except (KeyError, TypeError):
            continue
    return given


def _answer(service: Service, one: Asked, values: Values) -> object:
    if one.about.startswith("rule."):
        rule = next(rule for rule in service.eligibility if f"rule.{rule.id}" == one.about)
        return holds(rule.rule, values) if _is_told(service, rule.rule, values) else None
    value: Any = _at(values, one.about)
    if one.way == "whom" and value is not None:
        return "self" if value == "self" else "child"
    if isinstance(one.question, Choice) and value is not None:
        return value if value in {option.value for option in one.question.options} else "other"
    ways = {"is_there": value is not None, "country": value == "XK"}
    is_list = one.question.id.count("-") == 1 and one.way == "number"
    return ways.get(one.way, len(cast("list[object]", value)) if is_list else value)


def _is_told(service: Service, rule: str, values: Values) -> bool:
    """Return whether the case holds all that the rule reads."""
    return all(
        _is_there(values, name)
        for one in service.eligibility
        if one.rule == rule
        for name in checker.reads(service, one)
    )


def _is_there(values: Values, name: str) -> bool:
    try:
        return _at(values, name) is not ...
    except (KeyError, TypeError):
        return False


def _agrees(service: Service, verdict: Verdict, values: Values) -> None:
    """Fail unless a verdict, if there is one, is what the application would say."""
    objection = decision.objection(service, values, complete=True)
    if verdict.outcome == "can":
        assert objection is None
    if verdict.outcome == "cannot":
        assert objection
        assert verdict.objection
        order = [rule.id for rule in service.eligibility]
        assert order.index(objection.rule) <= order.index(verdict.objection.rule)


@pytest.mark.parametrize(
    ("service", "example"), list(_examples()), ids=lambda one: getattr(one, "id", getattr(one, "title", ""))
)
def test_an_honest_person_hears_what_the_application_would_say(service: Service, example: Example) -> None:
    values = _case(service, example)
    verdict = checker.verdict(service, truthful(service, values), date.fromisoformat(example.today))
    _agrees(service, verdict, values)


def test_so_do_people_whose_registers_are_known_whatever_they_choose() -> None:
    decided = 0
    for service in catalogue().all():
        for number in (ARTA, BESNIK, AGIM, DRITA):
            for values in _choices(service, number):
                verdict = checker.verdict(service, truthful(service, values), TODAY)
                _agrees(service, verdict, values)
                decided += verdict.outcome != "later"
    assert decided > 50


def _choices(service: Service, number: str) -> Iterator[Values]:
    """Yield a person's case for each child and each vehicle, parcel or business that she may choose."""
    facts, children = REGISTERS[number], {one["personal_number"] for one in REGISTERS[number].get("children", ())}
    choosing = [one for one in service.questions() if isinstance(one, Asset | Relative | Child)]
    kept = [["self", *children] if isinstance(one, Child) else [*listed.records(one, facts), None] for one in choosing]
    for chosen in product(*kept):
        answers = {one.id: value for one, value in zip(choosing, chosen, strict=True)}
        whom = next((value for one, value in zip(choosing, chosen, strict=True) if isinstance(one, Child)), "self")
        about = facts if whom == "self" else REGISTERS[str(whom)]
        company = REGISTERS.get(f"COM/{answers.get('business')}", {})
        yield decision.case(service, applicant=facts, beneficiary=about, company=company, answers=answers, today=TODAY)


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
