"""Every expression of a definition: that it compiles, and names only what is there by then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from msgspec import UNSET

from services.catalogue import listed, rules, vocabulary
from services.catalogue.checks.problem import Problem, rule
from services.catalogue.fee import FixedFee
from services.catalogue.question import ADDRESS, FILE, Address, Asset, File, Group, Question, Relative
from services.catalogue.rules import Shape
from services.catalogue.service import Document, Section, Service
from services.catalogue.shown import Shown


def problems(service: Service) -> Iterator[Problem]:
    """Yield every expression that does not compile or names what is not there, or not yet."""
    everything = known(service, len(service.sections))
    yield from _computed(service, everything)
    for number, section in enumerate(service.sections):
        yield from _section(service, number, section)
    for place, source in _others(service):
        yield from rule(place, source, everything)
    registers = {name: everything[name] for name in ("applicant", "beneficiary", "company", "chosen", "today")}
    for number, exemption in enumerate(service.fee.exempt()):
        yield from rule(f"$.fee.exemptions[{number}].rule", exemption.rule, registers)


def known(service: Service, sections: int) -> dict[str, Shape]:
    """Return what rules may name once that many sections are answered."""
    asked = [question for section in service.sections[:sections] for question in section.questions]

    def facts(role: str) -> dict[str, Shape]:
        return {need.name: vocabulary.FACTS.get(need.name) for need in service.facts if need.about == role}

    named: dict[str, Shape] = {
        "applicant": facts("applicant"),
        "beneficiary": facts("beneficiary"),
        "company": facts("company"),
        "answers": {question.id: _shape(question) for question in asked},
        "chosen": {one.id: _record(one) for one in asked if isinstance(one, Asset | Relative)},
        "today": None,
    }
    return {**named, "computed": _computable(service, named)}


def _section(service: Service, number: int, section: Section) -> Iterator[Problem]:
    place, before = f"$.sections[{number}]", known(service, number)
    if section.show_if:
        yield from rule(f"{place}.show_if", section.show_if, before)
    for inner, question in enumerate(section.questions):
        if question.show_if:
            earlier = {one.id: _shape(one) for one in section.questions[:inner]}
            answers = {**cast("dict[str, Shape]", before["answers"]), **earlier}
            at = f"{place}.questions[{inner}].show_if"
            yield from rule(at, question.show_if, {**before, "answers": answers})
    after = known(service, number + 1)
    for inner, validation in enumerate(section.validations()):
        at = f"{place}.validation[{inner}]"
        yield from rule(f"{at}.rule", validation.rule, after)
        if validation.at not in {question.id for question in section.questions}:
            yield f"{at}.at", f"{validation.at} is no question of this page"


def _computed(service: Service, everything: Mapping[str, Shape]) -> Iterator[Problem]:
    """Yield what is wrong with what is computed: each may name those before it."""
    earlier: dict[str, Shape] = {}
    for name, source in service.computations().items():
        yield from rule(f"$.computed.{name}", source, {**everything, "computed": dict(earlier)})
        earlier[name] = None


def _computable(service: Service, named: Mapping[str, Shape]) -> dict[str, Shape]:
    """Return what is computed of what can be named by then."""
    found: dict[str, Shape] = {}
    for name, source in service.computations().items():
        if not any(rules.problems(source, {**named, "computed": found})):
            found[name] = None
    return found


def _shape(question: Question) -> Shape:
    if isinstance(question, Address):
        return dict.fromkeys(ADDRESS, None)
    if isinstance(question, File):
        return [dict.fromkeys(FILE, None)]
    if isinstance(question, Group):
        return [{one.id: _shape(one) for one in question.questions}]
    return None


def _record(question: Asset | Relative) -> Shape:
    if isinstance(question, Relative):
        return listed.RELATIVE
    shape = vocabulary.FACTS.get(question.fact)
    return shape[0] if isinstance(shape, list) else None


def _others(service: Service) -> Iterator[Problem]:
    if not isinstance(service.fee, FixedFee):
        yield "$.fee.by", service.fee.by
    if only_if := service.signing().only_if:
        yield "$.signature.only_if", only_if
    for number, need in enumerate(service.facts):
        if need.only_if:
            yield f"$.facts[{number}].only_if", need.only_if
    if service.processing.municipality is not UNSET:
        yield "$.processing.municipality", service.processing.municipality
    for number, eligibility in enumerate(service.eligibility):
        yield f"$.eligibility[{number}].rule", eligibility.rule
        yield from _shown(f"$.eligibility[{number}].values", eligibility.values)
    for outer, section in enumerate(service.document.sections):
        for inner, row in enumerate(section.rows):
            place = f"$.document.sections[{outer}].rows[{inner}]"
            yield f"{place}.value", row.value
            if row.show_if:
                yield f"{place}.show_if", row.show_if
    yield from _valid(service.document)


def _valid(document: Document) -> Iterator[tuple[str, str]]:
    if document.valid is UNSET:
        return
    for name, source in (("since", document.valid.since), ("until", document.valid.until)):
        if source:
            yield f"$.document.valid.{name}", source


def _shown(place: str, values: Mapping[str, Shown]) -> Iterator[Problem]:
    for name, shown in values.items():
        yield f"{place}.{name}", shown.value
