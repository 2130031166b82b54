"""What is asked in a case: whether a question arises, and what there is to choose from."""

from __future__ import annotations

from typing import Any

from services.catalogue import listed
from services.catalogue.question import Asset, Child, File, Listed, Question, Relative
from services.catalogue.rules import Values, holds

SELF = "self"


def is_unlisted(question: Question, known: Values) -> bool:
    """Return whether a register still owes what there is to choose from, so that it has to be typed."""
    return isinstance(question, Listed) and any(fact not in known["applicant"] for fact in listed.facts(question))


def is_asked(question: Question, known: Values) -> bool:
    """Return whether a question is asked: its condition holds, and there are children or assets to choose from.

    A file that a register may make needless is asked only when that register has said that it holds nothing.
    """
    if isinstance(question, Child):
        return known["applicant"].get("children") != []
    held = known["applicant"]
    if isinstance(question, Asset) and held.get(question.fact) == []:
        return False
    if isinstance(question, File) and question.waived and (question.waived not in held or held[question.waived]):
        return False
    if isinstance(question, Relative) and not is_unlisted(question, known) and not listed.records(question, held):
        return False
    return holds(question.show_if, known)


def is_answered(question: Question, answers: dict[str, Any], known: Values) -> bool:
    """Return whether the answer is there and still holds: the child is still one's own, the vehicle too."""
    answer = answers.get(question.id)
    if is_unlisted(question, known):
        return answer is not None
    if isinstance(question, Asset | Relative):
        return known["chosen"][question.id] is not None
    if isinstance(question, Child):
        return answer == SELF or answer in children(known)
    return question.id in answers


def children(known: Values) -> dict[str, dict[str, Any]]:
    """Return the applicant's children under 18 by personal number."""
    held: list[dict[str, Any]] = known["applicant"].get("children") or []
    return {child["personal_number"]: child for child in held}
