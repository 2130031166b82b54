"""What a definition must fulfil beyond its shape: languages whole, rules that can be run, once only, examples true."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from i18n.text import LANGUAGES
from services.catalogue import checker, company, processing, vocabulary
from services.catalogue.checks import example, expression, issued, offer, question, recorded
from services.catalogue.checks.problem import Problem, places
from services.catalogue.fee import RuleFee
from services.catalogue.service import Service
from services.registers import asked

_LONGEST_TO_SIGN = 90  # days


def languages(data: object, place: str = "$") -> Iterator[Problem]:
    """Yield every text that lacks a language, is empty in one, or has one that is not ours."""
    if isinstance(data, list):
        for number, item in enumerate(cast("list[object]", data)):
            yield from languages(item, f"{place}[{number}]")
    if not isinstance(data, dict):
        return
    record = cast("dict[str, object]", data)
    if not any(language in record for language in LANGUAGES):
        for key, item in record.items():
            yield from languages(item, f"{place}.{key}")
        return
    for language in LANGUAGES:
        if not str(record.get(language) or "").strip():
            yield place, f"the text is missing in `{language}`"
    for key in record.keys() - set(LANGUAGES):
        yield place, f"`{key}` is not a language of ours"


def problems(service: Service, events: set[str]) -> Iterator[Problem]:
    """Yield everything else that is wrong, as place and reason."""
    for number, event in enumerate(service.life_events):
        if event not in events:
            there = ", ".join(sorted(events))
            yield f"$.life_events[{number}]", f"{event} does not stand in life_events.yaml, which has {there}"
    around = (_facts, question.problems, _company, _fee, _signature, _processing)
    around += (expression.problems, _messages, offer.problems, issued.problems, recorded.problems)
    found = [problem for look in around for problem in look(service)]
    yield from found
    if not found:
        yield from _askable(service)
        yield from example.problems(service)
        yield from recorded.examples(service)


def _facts(service: Service) -> Iterator[Problem]:
    for number, need in enumerate(service.facts):
        if need.name not in vocabulary.FACTS:
            yield f"$.facts[{number}].name", f"no register holds a fact named {need.name}"
        elif (need.name in vocabulary.OF_COMPANIES) != (need.about == "company"):
            whom = "a company" if need.name in vocabulary.OF_COMPANIES else "a person"
            yield f"$.facts[{number}].about", f"{need.name} is a fact about {whom}"


def _company(service: Service) -> Iterator[Problem]:
    """Yield what leaves it open for which company someone applies, and so who may."""
    asked = company.question(service)
    if asked is not None and asked.key != company.KEY:
        yield "$.sections", f"{asked.id} chooses a company, which is kept by its {company.KEY}"
    if asked is None and any(need.about == "company" for need in service.facts):
        yield "$.facts", f"a fact about a company needs a question that chooses from the fact {company.FACT}"
    if (asked is not None) != ("company" in service.audience):
        yield "$.audience", f"is for companies exactly where a question chooses from the fact {company.FACT}"


def _fee(service: Service) -> Iterator[Problem]:
    if min(service.fee.amounts(), default=0) < 0:
        yield "$.fee", "an amount is negative"
    if isinstance(service.fee, RuleFee) and service.fee.least > service.fee.most:
        yield "$.fee.least", "is more than most"
    seen: set[str] = set()
    for number, exemption in enumerate(service.fee.exempt()):
        if exemption.id in seen:
            yield f"$.fee.exemptions[{number}].id", f"{exemption.id} stands twice"
        seen.add(exemption.id)


def _signature(service: Service) -> Iterator[Problem]:
    """Yield what keeps people from signing: the register that says who may is not asked, or there is no time."""
    signature = service.signing()
    needs = {(need.name, need.about) for need in service.facts}
    if signature.by == "all_parents" and ("parents", "beneficiary") not in needs:
        yield "$.signature", "all_parents needs the fact parents about the beneficiary"
    if signature.by == "company" and (company.SAYS_WHO_ACTS, "company") not in needs:
        yield "$.signature", f"company needs the fact {company.SAYS_WHO_ACTS} about the company"
    if not 1 <= signature.days <= _LONGEST_TO_SIGN:
        yield "$.signature.days", f"must be from 1 to {_LONGEST_TO_SIGN}"


def _processing(service: Service) -> Iterator[Problem]:
    return processing.problems(service.processing)


def _askable(service: Service) -> Iterator[Problem]:
    """Yield facts of which people before sign-in can neither be asked nor be told what they are."""
    for number, rule in enumerate(service.eligibility):
        paths = [checker.plain_path(service, name) for name in checker.reads(service, rule)]
        for path in dict.fromkeys(path for path in paths if path):
            if asked.plain(path) is None and asked.name(path) is None:
                yield f"$.eligibility[{number}].rule", f"nothing says in plain words what {path} is"


def _messages(service: Service) -> Iterator[Problem]:
    for number, rule in enumerate(service.eligibility):
        for language in LANGUAGES:
            odd = places(rule.message, language) ^ set(rule.values)
            if odd:
                yield f"$.eligibility[{number}].message.{language}", f"fills {', '.join(sorted(odd))} differently"
