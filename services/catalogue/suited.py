"""Which services a person can apply for, by what registers said of her, and which of those facts say so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice, product
from typing import Any, cast

from services.catalogue import listed
from services.catalogue.checker import plain_path, reads, truth
from services.catalogue.computed import reckoned
from services.catalogue.question import Asset, Child
from services.catalogue.rules import Values
from services.catalogue.service import Eligibility, Service

Facts = Mapping[str, Any]  # what registers said of the person, by the fact's name; one that is silent is left out

_SELF = "self"
_MOST = 200  # cases of one service that are looked at


@dataclass(frozen=True, slots=True)
class Suited:
    """A service that no rule refuses, as far as is known, and the facts by which rules hold."""

    service: Service
    facts: tuple[str, ...]


def needs(services: Iterable[Service]) -> set[str]:
    """Return the facts about the person that eligibility rules read, or from which something is chosen."""
    found: set[str] = set()
    for service in services:
        for rule in service.eligibility:
            found.update(_facts(service, reads(service, rule)))
    return found


def suited(services: Iterable[Service], facts: Facts, today: date) -> list[Suited]:
    """Return the services of which no rule is false in some case that she may choose, and one at least is true."""
    return [one for service in services if (one := _suited(service, facts, today))]


def _suited(service: Service, facts: Facts, today: date) -> Suited | None:
    """Return the service with what speaks for it; what is the same whatever she chooses is looked at once."""
    same = [rule for rule in service.eligibility if not _turns_on_a_choice(service, rule)]
    others = [rule for rule in service.eligibility if rule not in same]
    holding: list[Eligibility] = []
    for number, values in enumerate(islice(_cases(service, facts, today), _MOST)):
        if number == 0:
            truths = [(rule, truth(rule, values)) for rule in same]
            if any(said is False for _rule, said in truths):
                return None
            holding = [rule for rule, said in truths if said]
        truths = [(rule, truth(rule, values)) for rule in others]
        if all(said is not False for _rule, said in truths):
            names = [
                name for rule in (*holding, *(one for one, said in truths if said)) for name in reads(service, rule)
            ]
            return Suited(service, tuple(dict.fromkeys(_facts(service, names)))) if names else None
    return None


def _turns_on_a_choice(service: Service, rule: Eligibility) -> bool:
    return any(name.partition(".")[0] not in {"applicant", "company"} for name in reads(service, rule))


def _facts(service: Service, names: Sequence[str]) -> Iterator[str]:
    """Yield the facts about the person herself that names of rules lead to; a company's are its own."""
    child = _child(service)
    for name in names:
        if child and name == f"answers.{child.id}":
            yield "children"
        elif not name.startswith("company.") and (path := plain_path(service, name)):
            yield path.partition(".")[0]


def _cases(service: Service, facts: Facts, today: date) -> Iterator[Values]:
    """Yield what rules may name for each choice of child, vehicle, parcel… that she has."""
    assets = [question for question in service.questions() if isinstance(question, Asset)]
    kept: list[Sequence[Mapping[str, Any] | None]] = [
        list(listed.records(question, facts).values()) or [None] for question in assets
    ]
    child = _child(service)
    for whom, *records in product(_children(child, facts), *kept):
        answers = {child.id: whom and whom["personal_number"]} if child and "children" in facts else {}
        chosen = {one.id: record for one, record in zip(assets, records, strict=True) if one.fact in facts}
        beneficiary = facts if whom is None or whom["personal_number"] == _SELF else {"person": whom}
        known = {"applicant": facts, "beneficiary": beneficiary, "company": {}, "answers": answers, "chosen": chosen}
        known = {**known, "today": today.isoformat()}
        computed = reckoned(known, service.computations())["computed"]
        yield {**known, "computed": {name: value for name, value in computed.items() if value is not None}}


def _children(child: Child | None, facts: Facts) -> list[Mapping[str, Any] | None]:
    """Return for whom it may be: herself, then each child; None alone where that is not asked."""
    held = cast("list[Mapping[str, Any]]", facts.get("children") or [])
    return [{"personal_number": _SELF}, *held] if child and held else [None]


def _child(service: Service) -> Child | None:
    return next((question for question in service.questions() if isinstance(question, Child)), None)
