"""Questions: asked once, of no register, with bounds that leave something to answer."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from services.catalogue import listed, vocabulary
from services.catalogue.checks.problem import Problem, places
from services.catalogue.question import (
    MOST_FILES,
    MOST_MEGABYTES,
    Asset,
    Choice,
    Date,
    File,
    Group,
    Integer,
    Listed,
    Many,
    Money,
    Number,
    Question,
)
from services.catalogue.service import Service

_ID = re.compile(r"[a-z][a-z0-9_]*")  # rules name it, forms number it
_MOST_DECIMALS = 3
_MOST_ENTRIES = 50
_BOUNDS = ("earliest", "latest")
# Words that make of a thing the paper about it: what is left of `proof_of_enrolment` is what a register may hold.
_PAPER = frozenset(
    {"certificate", "confirmation", "copy", "document", "extract", "of", "paper", "photo", "proof", "scan"}
)


def problems(service: Service) -> Iterator[Problem]:
    """Yield what is asked twice, or though a register holds it, or cannot be answered."""
    seen: set[str] = set()
    needed = {need.name for need in service.facts if need.about == "applicant"}
    for outer, section in enumerate(service.sections):
        for inner, question in enumerate(section.questions):
            at = f"$.sections[{outer}].questions[{inner}]"
            yield from _once(at, question, seen)
            yield from _answerable(at, question)
            for fact in listed.facts(question) if isinstance(question, Listed) else ():
                if fact not in needed:
                    yield f"{at}.kind", f"chooses from the fact {fact}, which is not needed about the applicant"
            if isinstance(question, Asset):
                yield from _asset(at, question)
            if isinstance(question, Group):
                yield from _group(at, question)
            if isinstance(question, File):
                yield from _file(at, question, needed)


def _once(at: str, question: Question, seen: set[str]) -> Iterator[Problem]:
    if question.id in seen:
        yield f"{at}.id", f"{question.id} is asked twice"
    seen.add(question.id)
    if not _ID.fullmatch(question.id):
        yield f"{at}.id", f"{question.id} is not written in small letters, digits and _"
    if not isinstance(question, Listed) and question.id in vocabulary.held():
        yield f"{at}.id", f"asks for {question.id}, which a register holds: need it as a fact instead"


def _group(at: str, group: Group) -> Iterator[Problem]:
    if not 1 <= group.least <= group.most <= _MOST_ENTRIES:
        yield at, f"must have from 1 to {_MOST_ENTRIES} entries, and no fewer at most than at least"
    if not group.questions:
        yield f"{at}.questions", "an entry asks nothing"
    ids: set[str] = set()
    for number, question in enumerate(group.questions):
        place = f"{at}.questions[{number}]"
        if question.id in ids or not _ID.fullmatch(question.id):
            yield f"{place}.id", f"{question.id} is asked twice, or not written in small letters, digits and _"
        ids.add(question.id)
        if question.show_if:
            yield f"{place}.show_if", "what an entry asks, it asks always"
        yield from _answerable(place, question)


def _file(at: str, file: File, needed: Collection[str]) -> Iterator[Problem]:
    if len(set(file.types)) < max(1, len(file.types)):
        yield f"{at}.types", "must be one or more, and each another"
    for name, most in (("most", MOST_FILES), ("megabytes", MOST_MEGABYTES)):
        if not 1 <= (getattr(file, name) or 1) <= most or getattr(file, name) == 0:
            yield f"{at}.{name}", f"must be from 1 to {most}"
    if file.hint is None:
        yield f"{at}.hint", "is missing: it says which paper is meant"
    if file.waived is not None and file.waived not in needed:
        yield f"{at}.waived", f"names the fact {file.waived}, which is not needed about the applicant"
    about = "_".join(word for word in file.id.split("_") if word not in _PAPER)
    if file.waived is None and about != file.id and not vocabulary.held().isdisjoint({about, f"{about}s"}):
        yield f"{at}.id", f"asks for a paper about {about}, which a register holds: need it as a fact, or as `waived`"


def _answerable(at: str, question: Question) -> Iterator[Problem]:
    """Yield bounds that leave nothing to answer."""
    if isinstance(question, Choice | Many):
        values = [option.value for option in question.options]
        if len(set(values)) < max(2, len(values)):
            yield f"{at}.options", "must be two or more, and each another"
    if isinstance(question, Many) and not 1 <= question.least <= min(question.most, len(question.options)):
        yield at, f"at least {question.least} and at most {question.most} cannot be chosen"
    if isinstance(question, Number) and not 0 <= question.decimals <= _MOST_DECIMALS:
        yield f"{at}.decimals", f"must be from 0 to {_MOST_DECIMALS}"
    if isinstance(question, Integer | Number | Money):
        least, most = _decimal(question.least), _decimal(question.most)
        if least is None or most is None or least > most:
            yield at, f"from {question.least} to {question.most} there is no number"
    if isinstance(question, Date):
        yield from _days(at, question)


def _days(at: str, question: Date) -> Iterator[Problem]:
    for name in _BOUNDS:
        bound = getattr(question, name)
        if bound not in {None, "today"} and not _is_day(str(bound)):
            yield f"{at}.{name}", f"{bound} is neither a day nor today"
    bounds = [bound for bound in (question.earliest, question.latest) if bound not in {None, "today"}]
    if len(bounds) == len(_BOUNDS) and str(bounds[0]) > str(bounds[1]):
        yield at, f"from {question.earliest} to {question.latest} there is no day"


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _decimal(bound: int | str) -> Decimal | None:
    try:
        found = Decimal(bound)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _asset(place: str, asset: Asset) -> Iterator[Problem]:
    shape = vocabulary.FACTS.get(asset.fact)
    one = shape[0] if isinstance(shape, list) else None
    fields: set[str] = set(one) if isinstance(one, Mapping) else set()
    if asset.key not in fields:
        yield f"{place}.key", f"{asset.fact} has no field {asset.key}"
    for name, text in (("title", asset.title), ("detail", asset.detail)):
        for field in places(text) - fields if text else ():
            yield f"{place}.{name}", f"{asset.fact} has no field {field}"
