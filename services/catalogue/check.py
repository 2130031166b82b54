"""What a definition must fulfil beyond its shape: languages whole, rules that can be run, once only, examples true."""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping
from datetime import date
from typing import cast

from msgspec import UNSET

from i18n.refusal import Refusal
from i18n.text import LANGUAGES, Language, Wording
from services.catalogue import company, decision, processing, rules, vocabulary
from services.catalogue.example import Example
from services.catalogue.offered import Offered
from services.catalogue.reminder import Reminder
from services.catalogue.rules import Shape
from services.catalogue.service import Asset, Child, FixedFee, Section, Service, TableFee
from services.catalogue.shown import Shown

Problem = tuple[str, str]  # place, reason
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
            yield f"$.life_events[{number}]", f"{event} does not stand in life_events.yaml"
    around = (_facts, _questions, _company, _fee, _signature, _processing, _expressions, _messages, _offers)
    found = [problem for look in around for problem in look(service)]
    yield from found
    if not found:
        yield from _examples(service)


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


def _questions(service: Service) -> Iterator[Problem]:
    """Once only: what a register holds is fetched, never asked."""
    seen: set[str] = set()
    needed = {need.name for need in service.facts if need.about == "applicant"}
    for place, section in _sections(service):
        for number, question in enumerate(section.questions):
            at = f"{place}.questions[{number}]"
            if question.id in seen:
                yield f"{at}.id", f"{question.id} is asked twice"
            seen.add(question.id)
            wanted = "children" if isinstance(question, Child) else question.fact if isinstance(question, Asset) else ""
            if wanted and wanted not in needed:
                yield f"{at}.kind", f"chooses from the fact {wanted}, which is not needed about the applicant"
            if not wanted and question.id in vocabulary.held():
                yield f"{at}.id", f"asks for {question.id}, which a register holds: need it as a fact instead"
            if isinstance(question, Asset):
                yield from _asset(at, question)


def _asset(place: str, asset: Asset) -> Iterator[Problem]:
    shape = vocabulary.FACTS.get(asset.fact)
    one = shape[0] if isinstance(shape, list) else None
    fields: set[str] = set(one) if isinstance(one, Mapping) else set()
    if asset.key not in fields:
        yield f"{place}.key", f"{asset.fact} has no field {asset.key}"
    for name, text in (("title", asset.title), ("detail", asset.detail)):
        for field in _places(text) - fields if text else ():
            yield f"{place}.{name}", f"{asset.fact} has no field {field}"


def _fee(service: Service) -> Iterator[Problem]:
    fee = service.fee
    if isinstance(fee, FixedFee):
        amounts = [fee.cents]
    else:
        amounts = [row.cents for row in fee.rows] if isinstance(fee, TableFee) else [*fee.cents.values(), fee.otherwise]
    if min(amounts, default=0) < 0:
        yield "$.fee", "an amount is negative"


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


def _messages(service: Service) -> Iterator[Problem]:
    for number, rule in enumerate(service.eligibility):
        for language in LANGUAGES:
            odd = _places(rule.message, language) ^ set(rule.values)
            if odd:
                yield f"$.eligibility[{number}].message.{language}", f"fills {', '.join(sorted(odd))} differently"


def _offers(service: Service) -> Iterator[Problem]:
    for number, offered in enumerate(service.offers()):
        place = f"$.offered_on[{number}]"
        yield from offer(place, offered, _vocabulary(service, 0)["applicant"])
        for name in offered.answers.keys() - {question.id for question in service.questions()}:
            yield f"{place}.answers.{name}", "is no question of this service"
        for section in service.sections:
            asked = {question.id for question in section.questions if not question.optional and not question.show_if}
            left = sorted(asked - offered.answers.keys())
            if left and offered.answers.keys() & {question.id for question in section.questions}:
                yield f"{place}.answers", f"leaves {', '.join(left)} of the same page unanswered"


def reminder(told: Reminder) -> Iterator[Problem]:
    """Yield what is wrong with a reminder."""
    place = f"{told.id}.offered_on"
    yield from offer(place, told.offered_on)
    if told.offered_on.answers or told.offered_on.still:
        yield place, "a reminder begins no application: it has no answers and no `still`"


def offer(place: str, offered: Offered, applicant: Shape = None) -> Iterator[Problem]:
    """Yield what is wrong with an offer's event, rule and words; `applicant`: what `still` may name of facts."""
    if offered.event not in vocabulary.EVENTS:
        yield f"{place}.event", f"no register tells an event named {offered.event}"
        return
    known: dict[str, Shape] = {"about": vocabulary.EVENTS[offered.event], "today": None}
    if (offered.rule is None) != (offered.meaning is None):
        yield place, "a rule and its meaning in words come together"
    sources = {f"values.{name}": shown.value for name, shown in offered.values.items()}
    sources |= {f"answers.{name}": source for name, source in offered.answers.items()}
    sources |= {"rule": offered.rule} if offered.rule else {}
    for name, source in sources.items():
        yield from _rule(f"{place}.{name}", source, known)
    if offered.still:
        yield from _rule(f"{place}.still", offered.still, {**known, "applicant": applicant})
    for language in LANGUAGES:
        said = [text for text in (offered.because, offered.meaning) if text is not None]
        if odd := {name for text in said for name in _places(text, language)} ^ set(offered.values):
            yield f"{place}.because.{language}", f"fills {', '.join(sorted(odd))} differently"


def _places(text: Wording, *languages: Language) -> set[str]:
    said = [text.say(language) for language in languages or LANGUAGES]
    return {field for words in said for _before, field, _form, _conversion in string.Formatter().parse(words) if field}


def _expressions(service: Service) -> Iterator[Problem]:
    """Yield every expression that does not compile or names what is not there, or not yet."""
    everything = _vocabulary(service, len(service.sections))
    for place, section in _sections(service):
        before = _vocabulary(service, int(place[len("$.sections[") : -1]))
        if section.show_if:
            yield from _rule(f"{place}.show_if", section.show_if, before)
        for number, question in enumerate(section.questions):
            if question.show_if:
                earlier = {earlier.id: None for earlier in section.questions[:number]}
                answers = {**cast("dict[str, Shape]", before["answers"]), **earlier}
                at = f"{place}.questions[{number}].show_if"
                yield from _rule(at, question.show_if, {**before, "answers": answers})
    for place, source in _others(service):
        yield from _rule(place, source, everything)


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
    for number, rule in enumerate(service.eligibility):
        yield f"$.eligibility[{number}].rule", rule.rule
        yield from _shown(f"$.eligibility[{number}].values", rule.values)
    for outer, section in enumerate(service.document.sections):
        for inner, row in enumerate(section.rows):
            place = f"$.document.sections[{outer}].rows[{inner}]"
            yield f"{place}.value", row.value
            if row.show_if:
                yield f"{place}.show_if", row.show_if


def _shown(place: str, values: Mapping[str, Shown]) -> Iterator[Problem]:
    for name, shown in values.items():
        yield f"{place}.{name}", shown.value


def _rule(place: str, source: str, known: Mapping[str, Shape]) -> Iterator[Problem]:
    for reason in rules.problems(source, known):
        yield place, reason


def _vocabulary(service: Service, sections: int) -> dict[str, Shape]:
    """Return what rules may name once that many sections are answered."""
    asked = [question for section in service.sections[:sections] for question in section.questions]
    assets = [question for question in asked if isinstance(question, Asset)]
    records = {asset.id: vocabulary.FACTS.get(asset.fact) for asset in assets}

    def facts(role: str) -> dict[str, Shape]:
        return {need.name: vocabulary.FACTS.get(need.name) for need in service.facts if need.about == role}

    return {
        "applicant": facts("applicant"),
        "beneficiary": facts("beneficiary"),
        "company": facts("company"),
        "answers": dict.fromkeys((question.id for question in asked), None),
        "chosen": {name: shape[0] if isinstance(shape, list) else None for name, shape in records.items()},
        "today": None,
    }


def _sections(service: Service) -> Iterator[tuple[str, Section]]:
    for number, section in enumerate(service.sections):
        yield f"$.sections[{number}]", section


def _examples(service: Service) -> Iterator[Problem]:
    if not service.examples:
        yield "$.examples", "there is no worked example"
    for number, example in enumerate(service.examples):
        for wrong in _outcome(service, example):
            yield f"$.examples[{number}]", wrong


def _let_through(service: Service) -> str:
    return "approved" if service.processing.decision == "rule" else "officer"


def _outcome(service: Service, example: Example) -> Iterator[str]:
    values = decision.case(
        service,
        applicant=example.applicant,
        beneficiary=example.beneficiary,
        company=example.company or {},
        answers=example.answers,
        today=date.fromisoformat(example.today),
    )
    refused = decision.objection(service, values, complete=True)
    outcome, reason = ("refused", refused.rule) if refused else (_let_through(service), None)
    if (outcome, reason) != (example.expect.outcome, example.expect.reason):
        because = f" by {reason}" if reason else ""
        yield f"“{example.title}” comes out {outcome}{because}, not {example.expect.outcome}"
    signers = decision.signers(service, values)
    if not refused and example.expect.signers not in {UNSET, signers}:
        yield f"“{example.title}” is signed by {signers}, not {example.expect.signers}"
    if refused or example.expect.fee_cents is None:
        return
    try:
        cents = decision.fee(service, values)
    except Refusal:
        yield f"“{example.title}”: the fee cannot be told"
        return
    if cents != example.expect.fee_cents:
        yield f"“{example.title}” costs {cents} cents, not {example.expect.fee_cents}"
