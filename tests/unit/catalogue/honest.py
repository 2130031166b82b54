"""An honest person before sign-in: what she would answer whose case is known, and whether she hears the truth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import product
from typing import Any, cast

from services.catalogue import checker, decision, listed
from services.catalogue.checker import Asked, Verdict
from services.catalogue.question import Asset, Child, Choice, Relative
from services.catalogue.rules import Values, holds
from services.catalogue.service import Service


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


def hears_the_same(service: Service, values: Values, today: date) -> Verdict:
    """Return what she hears before sign-in; fail unless that, if it is decided, is what the application would say."""
    verdict = checker.verdict(service, truthful(service, values), today)
    objection = decision.objection(service, values, complete=True)
    if verdict.outcome == "can":
        assert objection is None
    if verdict.outcome == "cannot":
        assert objection
        assert verdict.objection
        order = [rule.id for rule in service.eligibility]
        assert order.index(objection.rule) <= order.index(verdict.objection.rule)
    return verdict


def choices(
    service: Service, facts: Mapping[str, Any], others: Mapping[str, Mapping[str, Any]], today: date
) -> Iterator[Values]:
    """Yield a person's case for each child and each vehicle, parcel or business that she may choose.

    `others` are what registers say of her children, by number, and of companies, as X-Road names them.
    """
    children = {one["personal_number"] for one in facts.get("children", ())}
    choosing = [one for one in service.questions() if isinstance(one, Asset | Relative | Child)]
    kept = [["self", *children] if isinstance(one, Child) else [*listed.records(one, facts), None] for one in choosing]
    for chosen in product(*kept):
        answers = {one.id: value for one, value in zip(choosing, chosen, strict=True)}
        whom = next((value for one, value in zip(choosing, chosen, strict=True) if isinstance(one, Child)), "self")
        about = facts if whom == "self" else others[str(whom)]
        company = others.get(f"COM/{answers.get('business')}", {})
        yield decision.case(service, applicant=facts, beneficiary=about, company=company, answers=answers, today=today)
