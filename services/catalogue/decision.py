"""What a service's rules say in one case: what it costs, and why it would be refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

from msgspec import UNSET

from i18n.text import LANGUAGES, Language, Wording
from services.catalogue import computed, listed
from services.catalogue.display import show
from services.catalogue.fee import Exemption, Fee, FixedFee, MunicipalFee, RuleFee
from services.catalogue.question import Asset, Relative, seen
from services.catalogue.rules import Unavailable, Values, evaluate, holds, look, names
from services.catalogue.service import Eligibility, Service
from services.catalogue.shown import Shown
from services.catalogue.signature import Signers


@dataclass(frozen=True, slots=True)
class Objection:
    """The rule that does not hold, and what to tell the person: its sentence in every language."""

    rule: str
    message: Wording


def case(
    service: Service,
    *,
    applicant: Mapping[str, object],
    beneficiary: Mapping[str, object],
    company: Mapping[str, object],
    answers: Mapping[str, object],
    today: date,
) -> Values:
    """Return what the rules may name: facts by name, every question's answer or null, the chosen records, the day.

    And what the definition computes of these.
    """
    choosing = [question for question in service.questions() if isinstance(question, Asset | Relative)]
    known = {
        "applicant": applicant,
        "beneficiary": beneficiary,
        "company": company,
        "answers": {question.id: seen(question, answers.get(question.id)) for question in service.questions()},
        "chosen": {one.id: listed.records(one, applicant).get(str(answers.get(one.id))) for one in choosing},
        "today": today.isoformat(),
    }
    return computed.reckoned(known, service.computations())


def fee(service: Service, values: Values) -> int:
    """Return the fee in cents; raise Unavailable when what it depends on is not there."""
    exempt = exemption(service, values)
    return _full(service.fee, values) if exempt is None else exempt.cents


def exemption(service: Service, values: Values) -> Exemption | None:
    """Return why this case costs less than others, or None."""
    return next((one for one in service.fee.exempt() if holds(one.rule, values)), None)


def _full(charge: Fee, values: Values) -> int:
    if isinstance(charge, FixedFee):
        return charge.cents
    key = evaluate(charge.by, values)
    if isinstance(charge, RuleFee):
        if isinstance(key, bool) or not isinstance(key, int):
            raise Unavailable(charge.by)
        return max(charge.least, min(charge.most, key))
    if isinstance(charge, MunicipalFee):
        return charge.cents.get(key, charge.otherwise)
    for row in charge.rows:
        if row.key == key:
            return row.cents
    raise Unavailable(charge.by)


def signers(service: Service, values: Values) -> Signers:
    """Return who signs in this case."""
    signature = service.signing()
    return signature.by if holds(signature.only_if, values) else "none"


def municipality(service: Service, values: Values) -> str | None:
    """Return the municipality whose office works this case; None for the institution itself, or where none is told."""
    rule = service.processing.municipality
    return None if rule is UNSET else cast("str | None", look(rule, values))


def objection(service: Service, values: Values, *, complete: bool) -> Objection | None:
    """Return the first rule that does not hold, or None.

    While the case is not `complete`, rules that read what is not answered yet are left for later.
    """
    for rule in service.eligibility:
        if (complete or _answered(rule, values)) and not _holds(rule, values):
            return Objection(rule.id, fill(rule.message, rule.values, values))
    return None


def fill(message: Wording, places: Mapping[str, Shown], values: Values) -> Wording:
    """Return the message in every language, its `{places}` filled; what is not there is written as a dash."""
    found = {name: look(place.value, values) for name, place in places.items()}

    def say(language: Language) -> str:
        shown = {name: show(value, places[name].format, language) for name, value in found.items()}
        return message.say(language).format(**shown)

    return Wording(*(say(language) for language in LANGUAGES))


def _holds(rule: Eligibility, values: Values) -> bool:
    """Return whether the rule is true; a rule about what the registers do not hold is not."""
    return look(rule.rule, values) is True


def _answered(rule: Eligibility, values: Values) -> bool:
    return all(_known(name, values) for name in names(rule.rule))


def _known(name: str, values: Values) -> bool:
    """Return whether this is answered, or a fact fetched; what a register answered with null is known."""
    root, _dot, rest = name.partition(".")
    first = rest.partition(".")[0]
    if root in ("answers", "chosen", "computed"):
        return values[root].get(first) is not None
    return root not in ("applicant", "beneficiary", "company") or first in values[root]
