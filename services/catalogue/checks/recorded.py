"""What registers are told: a register, a service and fields that there are, and of the examples what they take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import msgspec

from services.catalogue import decision, rules, vocabulary
from services.catalogue.checks import expression
from services.catalogue.checks.problem import Problem, rule
from services.catalogue.example import Example
from services.catalogue.recorded import Recorded
from services.catalogue.rules import Shape
from services.catalogue.service import Service


def problems(service: Service) -> Iterator[Problem]:
    """Yield what is wrong with what registers are told."""
    known = {**expression.known(service, len(service.sections)), "application": vocabulary.APPLICATION}
    for number, recorded in enumerate(service.records()):
        place = f"$.recorded_in[{number}]"
        if recorded.target not in vocabulary.TARGETS:
            yield place, _unknown(recorded)
            continue
        yield from _fields(place, recorded, known)
        if recorded.after == "payment" and not any(service.fee.amounts()):
            yield f"{place}.after", "there is no payment: it costs nothing"
        if recorded.about == "company" and "company" not in service.audience:
            yield f"{place}.about", "nobody applies for a company here"
        if recorded.only_if:
            yield from rule(f"{place}.only_if", recorded.only_if, known)


def examples(service: Service) -> Iterator[Problem]:
    """Yield of each example that is granted what no register would take; what its facts leave open is not judged."""
    for number, example in enumerate(service.examples):
        if example.expect.outcome == "refused":
            continue
        values = _values(service, example)
        for recorded in service.records():
            if rules.holds(recorded.only_if or None, values) and (wrong := _wrong(recorded, values)):
                yield (
                    f"$.examples[{number}]",
                    f"“{example.title}” would tell {recorded.target} what it does not take: {wrong}",
                )


def _unknown(recorded: Recorded) -> str:
    if recorded.register not in vocabulary.REGISTERS:
        return f"there is no register named {recorded.register}"
    return f"{recorded.register} lets itself be told nothing by a service named {recorded.service}"


def _fields(place: str, recorded: Recorded, known: Mapping[str, Shape]) -> Iterator[Problem]:
    shape = vocabulary.TARGETS[recorded.target]
    for name, source in recorded.fields.items():
        if name not in shape:
            yield f"{place}.fields.{name}", f"{recorded.target} has no field {name}"
        yield from rule(f"{place}.fields.{name}", source, known)
    for name, is_required in shape.items():
        if is_required and name not in recorded.fields:
            yield f"{place}.fields", f"{recorded.target} needs {name}"


def _values(service: Service, example: Example) -> rules.Values:
    case = decision.case(
        service,
        applicant=example.applicant,
        beneficiary=example.beneficiary,
        company=example.company or {},
        answers=example.answers,
        today=date.fromisoformat(example.today),
    )
    return {**case, "application": {"reference": "2026-7K3M-9QF2", "fee_cents": example.expect.fee_cents}}


def _wrong(recorded: Recorded, values: rules.Values) -> str:
    """Return what a register would not take of what the example gives; nothing where it leaves something open."""
    told = {name: rules.look(source, values) for name, source in recorded.fields.items()}
    required = vocabulary.TARGETS[recorded.target]
    if any(value is None and required.get(name) for name, value in told.items()):
        return ""
    try:
        msgspec.convert(told, vocabulary.SHAPES[recorded.target])
    except msgspec.ValidationError as error:
        return str(error)
    return ""
