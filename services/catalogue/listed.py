"""What there is to choose from where registers hold it: records of a list fact, and the people of one's family."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from services.catalogue.question import Asset, Child, Listed, Relation, Relative
from services.catalogue.rules import Shape

Record = Mapping[str, Any]
SPOUSE = "spouse"  # how a spouse is kept, whose personal number no register tells
_FACTS: Mapping[Relation, str] = {"spouse": "marriages", "children": "children", "parents": "parents"}
_WORDS: Mapping[Relation, str] = {"spouse": SPOUSE, "children": "child", "parents": "parent"}
_PERSON = ("personal_number", "given_name", "family_name", "birthdate")
RELATIVE: Shape = dict.fromkeys(("relation", *_PERSON), None)


def facts(question: Listed) -> tuple[str, ...]:
    """Return the facts about the applicant that list what there is to choose from."""
    if isinstance(question, Relative):
        return tuple(_FACTS[relation] for relation in question.among)
    return ("children",) if isinstance(question, Child) else (question.fact,)


def records(question: Asset | Relative, applicant: Mapping[str, object]) -> dict[str, Record]:
    """Return what she may choose, by what is kept of it: a plate, a personal number."""
    if isinstance(question, Relative):
        return dict(_family(question, applicant))
    return {str(one[question.key]): one for one in _held(applicant, question.fact)}


def _family(question: Relative, applicant: Mapping[str, object]) -> Iterator[tuple[str, Record]]:
    for relation in question.among:
        for one in _held(applicant, _FACTS[relation]):
            if relation == "spouse" and one.get("ended_on"):
                continue
            key = SPOUSE if relation == "spouse" else str(one["personal_number"])
            yield key, {"relation": _WORDS[relation], **{field: one.get(field) for field in _PERSON}}


def _held(applicant: Mapping[str, object], fact: str) -> list[Record]:
    return cast("list[Record]", applicant.get(fact) or [])
