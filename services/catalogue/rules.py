"""Evaluates the rules of a definition: CEL expressions, compiled once, with no loops, no I/O and no clock.

https://cel.dev; what an expression may name stands in `service.py`.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, TypeAlias, cast

import cel

from i18n.refusal import Refused
from i18n.text import _

Values = Mapping[str, Any]  # applicant, beneficiary, company, answers, chosen, today, computed
# A record names its fields, a list has one element that stands for all, None is a plain value.
Shape: TypeAlias = "Mapping[str, Shape] | list[Shape] | None"

_TEXT = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_INDEX = re.compile(r"\[\s*\d+\s*\]")
_PATH = re.compile(r"(?<![\w.])([A-Za-z_]\w*)((?:\.\w+\b(?!\s*\())*)(?!\w*\s*\()")
_BOUND = re.compile(r"([A-Za-z_][\w.]*)\.(?:all|exists|exists_one|filter|map)\(\s*([A-Za-z_]\w*)\s*,")
_WORDS = {"true", "false", "null", "in"}
# What a rule may call, beside operators and the macros all, exists, exists_one, filter, map and has.
_FUNCTIONS = {"contains", "endsWith", "int", "matches", "max", "min", "size", "startsWith", "string"}


def years(since: str, until: str) -> int:
    """Return how many whole years lie between two days: an age."""
    born, then = date.fromisoformat(since), date.fromisoformat(until)
    return then.year - born.year - ((then.month, then.day) < (born.month, born.day))


def plus_years(day: str, count: int) -> str:
    """Return the same day `count` years later; 29 February becomes 28 February."""
    start = date.fromisoformat(day)
    last = 28 if (start.month, start.day) == (2, 29) else start.day
    return start.replace(year=start.year + count, day=last).isoformat()


def plus_months(day: str, count: int) -> str:
    """Return the same day `count` months later, or the last of that month where it is shorter."""
    start = date.fromisoformat(day)
    year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last)).isoformat()


def total(amounts: list[int]) -> int:
    """Return the sum of whole numbers; of none it is 0."""
    return sum(amounts)


_GIVEN = {"years": years, "plus_years": plus_years, "plus_months": plus_months, "total": total}


class Unavailable(Refused):
    """A rule needs a value that no register gave and nobody answered."""

    def __init__(self, source: str) -> None:
        super().__init__(
            "value_unavailable",
            _("The registers do not hold everything that this needs. Please ask at the institution's counter."),
        )
        self.source = source


def evaluate(source: str, values: Values) -> Any:  # noqa: ANN401 - a rule gives what its author says
    """Return what the expression gives for `values`; raise Unavailable when something that it names is not there."""
    named = _named(source, values)
    try:
        return program(source).execute(cel.Context(named, _GIVEN) if _calls(source) else named)
    except (KeyError, TypeError, RuntimeError, ValueError, IndexError, OverflowError) as missing:
        raise Unavailable(source) from missing


def look(source: str, values: Values) -> Any:  # noqa: ANN401 - as above
    """Return what the expression gives, or None when something that it names is not there."""
    try:
        return evaluate(source, values)
    except Unavailable:
        return None


def holds(source: str | None, values: Values) -> bool:
    """Return whether a condition is true; no condition is true, one about what is not there is false."""
    return source is None or look(source, values) is True


@lru_cache(maxsize=16384)
def program(source: str) -> cel.Program:
    """Return the compiled expression; ValueError says why it does not compile."""
    return cel.compile(source)


@lru_cache(maxsize=16384)
def names(source: str) -> frozenset[str]:
    """Return the dotted names that an expression reads: `chosen.vehicle.plate`, `today`."""
    bare = _bare(source)
    bound = {variable for _base, variable in _BOUND.findall(bare)}
    return frozenset(root + rest for root, rest in _PATH.findall(bare) if root not in _WORDS | bound)


def _named(source: str, values: Values) -> dict[str, Any]:
    """Return of the values only what the expression names: handing them over costs more than the rule itself."""
    named: dict[str, Any] = {}
    for path in _paths(source):
        _take(path, values, named)
    return named


def _take(path: tuple[str, ...], values: Any, taken: dict[str, Any]) -> None:  # noqa: ANN401 - JSON
    for depth, name in enumerate(path, 1):
        if not isinstance(values, Mapping) or name not in values:
            return
        values = cast("Mapping[str, Any]", values)[name]
        if depth == len(path) or not isinstance(values, Mapping):
            taken[name] = values
            return
        if taken.setdefault(name, {}) is values:  # taken whole already
            return
        taken = taken[name]


@lru_cache(maxsize=16384)
def _paths(source: str) -> tuple[tuple[str, ...], ...]:
    """Return the names that an expression reads, taken apart, a whole before its parts."""
    return tuple(sorted(tuple(name.split(".")) for name in names(source)))


@lru_cache(maxsize=16384)
def _calls(source: str) -> bool:
    """Return whether the expression calls a function that CEL itself does not have."""
    return not _GIVEN.keys().isdisjoint(program(source).functions())


def problems(source: str, vocabulary: Mapping[str, Shape]) -> Iterator[str]:
    """Yield why an expression cannot be used: it does not compile, or names what `vocabulary` does not have."""
    try:
        compiled = program(source)
    except ValueError as error:
        yield f"does not compile: {' '.join(str(error).split())}"
        return
    for function in compiled.functions():
        if function.isidentifier() and not function.startswith("_") and function not in _FUNCTIONS | set(_GIVEN):
            yield f"calls an unknown function: {function}"
    bare = _bare(source)
    known = dict(vocabulary)
    for base, variable in _BOUND.findall(bare):
        shape = _at(base, known)
        known[variable] = shape[0] if isinstance(shape, list) else None
    for root, rest in _PATH.findall(bare):
        if root not in _WORDS and _at(root + rest, known) is _NOWHERE:
            yield f"names an unknown value: {root}{rest}"


_NOWHERE: Mapping[str, Shape] = {}


def _bare(source: str) -> str:
    """Return the expression without what stands in quotes, an index written as one more name."""
    return _INDEX.sub(".0", _TEXT.sub("''", source))


def _at(path: str, shape: Shape) -> Shape:
    name, _dot, rest = path.partition(".")
    if isinstance(shape, list):
        found = shape[0] if name.isdigit() else _NOWHERE
    else:
        found = shape.get(name, _NOWHERE) if shape else _NOWHERE
    return _at(rest, found) if rest and found is not _NOWHERE else found
