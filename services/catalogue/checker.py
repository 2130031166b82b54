"""Whether one may apply, as far as a few plain answers tell: the eligibility rules of a definition before any sign-in.

What is asked is derived from the rules: the answers and facts that they read, or a rule's own question (`ask`). Three
things can come out: every rule holds, one does not, or only the registers can tell. Nothing is guessed: what is not
answered is not there, and a rule that needs it is left open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, cast

from msgspec import UNSET
from msgspec.structs import replace

from i18n.text import Wording
from services.catalogue import decision
from services.catalogue.computed import reckoned
from services.catalogue.decision import Objection
from services.catalogue.question import (
    Asset,
    Child,
    Choice,
    Date,
    Integer,
    Money,
    Number,
    Option,
    Question,
    YesNo,
    seen,
)
from services.catalogue.rules import Values, look, names
from services.catalogue.service import Eligibility, Service
from services.registers import asked
from services.registers.asked import Plain

Given = Mapping[str, Any]  # what was answered, by the question's id; None or left out where it was not
Outcome = Literal["can", "cannot", "later"]

_SIMPLE = Choice | YesNo | Integer | Number | Money | Date
_ROLES = ("applicant", "beneficiary", "company")
_HAS = re.compile(r"\bhas\s*\(")
_FEW = 10  # options: of more only those are offered that a rule names
_KOSOVO, _ELSEWHERE = "XK", "ZZ"  # ISO 3166-1; the latter stands for no country
_SELF, _OTHER = "self", "other"
_WHOM = Wording("Për kë është?", "Za koga je?", "Who is it for?")
_FOR_WHOM = (
    Option(_SELF, Wording("Për mua", "Za mene", "For myself")),
    Option(
        "child", Wording("Për fëmijën tim nën 18 vjeç", "Za svoje dete mlađe od 18 godina", "For my child under 18")
    ),
)
_ANOTHER = Option(_OTHER, Wording("Tjetër", "Drugo", "Another"))


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, and what its answer is put in place of: a name of rules, or a whole rule."""

    about: str
    question: Question
    way: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came out. While it is open: the facts that tell, by name, and what the application will ask."""

    outcome: Outcome
    objection: Objection | None = None
    facts: tuple[str, ...] = ()
    answers: tuple[Wording, ...] = ()


def questions(service: Service) -> tuple[Asked, ...]:
    """Return what is asked, in the order of the rules; for whom it is comes first."""
    found: dict[str, Asked] = {}
    for rule in service.eligibility:
        asked_of_it = [_asked(service, rule, about) for about in _abouts(service, rule)]
        if None in asked_of_it and "computed." in rule.rule:  # a sum is not known from a part of it
            continue
        found |= {one.about: one for one in asked_of_it if one and one.about not in found}
    return tuple(sorted(found.values(), key=lambda one: one.way != "whom"))


def verdict(service: Service, given: Given, today: date) -> Verdict:
    """Return whether one can apply by what was answered, or what would tell."""
    values = _values(service, given, today)
    truths = [(rule, _truth(rule, given, values)) for rule in service.eligibility]
    for rule, truth in truths:
        if truth is False:
            return Verdict("cannot", Objection(rule.id, decision.fill(rule.message, rule.values, values)))
    still = [name for rule, truth in truths if truth is None for name in reads(service, rule)]
    if not still:
        return Verdict("can")
    facts = dict.fromkeys(fact for name in still if (fact := _fact(service, name)))
    lacking = dict.fromkeys(name for name in still if name.startswith("answers.") and not _is_there(name, values))
    labels = {question.id: question.label for question in service.questions()}
    return Verdict("later", None, tuple(facts), tuple(labels[name.split(".")[1]] for name in lacking))


def truth(rule: Eligibility, values: Values) -> bool | None:
    """Return whether a rule holds; None where something that it reads is not known."""
    if _HAS.search(rule.rule) and not all(_is_there(name, values) for name in names(rule.rule)):
        return None
    found = look(rule.rule, values)
    return found if isinstance(found, bool) else None


def reads(service: Service, rule: Eligibility) -> list[str]:
    """Return the names that a rule reads, itself or through what is computed; where no child is chosen, of one self."""
    found = sorted(_through(service, rule.rule))
    if any(isinstance(question, Child) for question in service.questions()):
        return found
    return list(dict.fromkeys(re.sub(r"^beneficiary\b", "applicant", name) for name in found))


def plain_path(service: Service, name: str) -> str | None:
    """Return the path of a fact (`vehicles.plate`) that a name of rules stands for, or None."""
    root, _dot, rest = name.partition(".")
    if root in _ROLES and rest:
        return ".".join(part for part in rest.split(".") if not part.isdigit())
    asset = _asset(service, rest.partition(".")[0]) if root == "chosen" else None
    field = rest.partition(".")[2]
    return f"{asset.fact}.{field}" if asset and field else asset.fact if asset else None


def _through(service: Service, source: str) -> Iterator[str]:
    computations = service.computations()
    for name in names(source):
        root, _dot, first = name.partition(".")
        if root == "computed" and first in computations:
            yield from _through(service, computations[first])
        elif root != "today":
            yield name


def _abouts(service: Service, rule: Eligibility) -> list[str]:
    return [f"rule.{rule.id}"] if rule.ask is not UNSET else reads(service, rule)


def _asked(service: Service, rule: Eligibility, about: str) -> Asked | None:
    """Return the question for what a rule reads; None where it cannot be asked simply."""
    field = about.replace(".", "-")
    if about.startswith("rule."):
        return Asked(about, YesNo(id=field, label=cast("Wording", rule.ask)), "yes_no")
    if about.startswith("answers."):
        return _own(service, about, field)
    path = plain_path(service, about)
    plain = asked.plain(path) if path else None
    words = plain and (plain.other if about.startswith("beneficiary.") else plain.own)
    question = _question(service, plain, field, words) if plain and words else None
    return Asked(about, question, plain.way) if plain and question else None


def _own(service: Service, about: str, field: str) -> Asked | None:
    """Return a question of the definition itself, of a kind that is answered simply."""
    own = next((one for one in service.questions() if f"answers.{one.id}" == about), None)
    if isinstance(own, Child):
        return Asked(about, Choice(id=field, label=_WHOM, options=_FOR_WHOM), "whom")
    if not isinstance(own, _SIMPLE):
        return None
    return Asked(about, replace(own, id=field, optional=False, show_if=None), "answer")


def _question(service: Service, plain: Plain, field: str, words: Wording) -> Question | None:
    if plain.way == "choice":
        options = _options(service, plain.options or {})
        return Choice(id=field, label=words, options=options) if options else None
    kinds = {"date": Date, "number": Integer, "money": Money}
    return kinds.get(plain.way, YesNo)(id=field, label=words)


def _options(service: Service, words: Mapping[str, Wording]) -> tuple[Option, ...]:
    if len(words) <= _FEW:
        return tuple(Option(value, label) for value, label in words.items())
    sources = " ".join(rule.rule for rule in service.eligibility)
    named = tuple(Option(value, label) for value, label in words.items() if f"'{value}'" in sources)
    return (*named, _ANOTHER) if named else ()


# What was answered, as rules see it -----------------------------------------------------------------------------------


def _truth(rule: Eligibility, given: Given, values: Values) -> bool | None:
    if rule.ask is UNSET:
        return truth(rule, values)
    return cast("bool | None", given.get(f"rule-{rule.id}"))


def _values(service: Service, given: Given, today: date) -> Values:
    known: dict[str, Any] = {root: {} for root in (*_ROLES, "answers", "chosen")}
    known["today"] = today.isoformat()
    is_for_self = True
    for one in questions(service):
        answer = given.get(one.question.id)
        if one.way == "whom":
            is_for_self = answer == _SELF
        if answer is not None and not one.about.startswith("rule."):
            _put(known, one.about.split("."), _value(one, answer))
    if is_for_self:
        known["beneficiary"] = {**known["applicant"], **known["beneficiary"]}
    known["answers"] |= dict.fromkeys(_hidden(service, known))
    found = reckoned(known, service.computations())["computed"]
    return {**known, "computed": {name: value for name, value in found.items() if value is not None}}


def _hidden(service: Service, values: Values) -> Iterator[str]:
    """Yield the questions that the application would not ask."""
    for section in service.sections:
        for question in section.questions:
            if any(look(condition, values) is False for condition in (section.show_if, question.show_if) if condition):
                yield question.id


def _value(one: Asked, answer: Any) -> Any:  # noqa: ANN401 - JSON
    """Return what a register would hold, or an answer be, as far as it is known: of a list only how many."""
    if one.way == "is_there":
        return {} if answer else None
    if one.way == "country":
        return _KOSOVO if answer else _ELSEWHERE
    is_count = one.way == "number" and len(one.about.split(".")) == 2  # noqa: PLR2004 - role and fact
    return [{}] * min(answer, 1000) if is_count else seen(one.question, answer)


def _put(values: dict[str, Any], path: list[str], value: Any) -> None:  # noqa: ANN401 - JSON
    """Put a value in its place; what is said of something that is not there is left aside."""
    first, *rest = path
    if not rest:
        values.setdefault(first, value)
    elif isinstance(inner := values.setdefault(first, {}), dict):
        _put(cast("dict[str, Any]", inner), rest, value)


def _is_there(name: str, values: Values) -> bool:
    found: Any = values
    for part in name.split("."):
        if not isinstance(found, Mapping) or part not in found:
            return False
        found = cast("Mapping[str, Any]", found)[part]
    return True


def _asset(service: Service, question_id: str) -> Asset | None:
    return next((one for one in service.questions() if isinstance(one, Asset) and one.id == question_id), None)


def _fact(service: Service, name: str) -> str | None:
    path = plain_path(service, name)
    return path.partition(".")[0] if path else None
