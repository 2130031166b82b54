"""What changed between two versions of a definition, by place: `$.sections[whom].questions[reason].optional`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import msgspec

from services.catalogue.service import Service

# What tells the entries of a list apart, so that one put in between moves no other: the first that fits all counts.
_KEYS = (
    ("id",),
    ("name", "about"),
    ("register", "service"),
    ("key",),
    ("value",),
    ("event",),
    ("title",),
    ("label",),
    ("cite",),
)
_WORD = re.compile(r"[\w-]+")
_Record = dict[str, Any]


class _Nothing:
    """What stands where nothing was written."""


NOTHING = _Nothing()


@dataclass(frozen=True, slots=True)
class Change:
    """One place, and what stood and stands there as plain data; NOTHING where it was added or taken away."""

    place: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Moved:
    """A list whose entries stand in another order: their names as they stand now."""

    place: str
    order: tuple[str, ...]


def changes(before: Service, after: Service) -> list[Change | Moved]:
    """Return what changed, in the order of the definition."""
    old, new = (msgspec.json.decode(msgspec.json.encode(one)) for one in (before, after))
    return list(_changes("$", old, new))


def _changes(place: str, before: object, after: object) -> Iterator[Change | Moved]:
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _of_records(place, cast("_Record", before), cast("_Record", after), ".{}")
    elif isinstance(before, list) and isinstance(after, list):
        yield from _of_lists(place, cast("list[object]", before), cast("list[object]", after))
    elif before != after:
        yield Change(place, cast("object", before), after)


def _of_records(place: str, before: _Record, after: _Record, form: str) -> Iterator[Change | Moved]:
    for name in [*before, *(name for name in after if name not in before)]:
        at = place + form.format(name)
        yield from _changes(at, before.get(name, NOTHING), after.get(name, NOTHING))


def _of_lists(place: str, before: list[object], after: list[object]) -> Iterator[Change | Moved]:
    """Yield what changed in a list: entry by entry where they have names, else the whole of it."""
    for key in _KEYS:
        old, new = _by_name(key, before), _by_name(key, after)
        if old is not None and new is not None:
            break
    else:
        if before != after:
            yield Change(place, before, after)
        return
    if [name for name in old if name in new] != [name for name in new if name in old]:
        yield Moved(place, tuple(new))
    yield from _of_records(place, old, new, "[{}]")


def _by_name(key: tuple[str, ...], entries: list[object]) -> _Record | None:
    """Return the entries by what they are called; None where one has no such name, or two have the same."""
    named = {name: entry for entry in entries if (name := _name(key, entry)) is not None}
    return named if len(named) == len(entries) else None


def _name(key: tuple[str, ...], entry: object) -> str | None:
    """Return what an entry is called: a text, or an English wording; None where it has no such name."""
    record = cast("_Record", entry) if isinstance(entry, dict) else {}
    if key == ("value",) and not _WORD.fullmatch(str(record.get("value"))):
        return None  # an expression names no line of a document, its label does
    words = [_english(record.get(part)) for part in key]
    return " ".join(word for word in words if word) if all(words) else None


def _english(said: object) -> str | None:
    if isinstance(said, dict):
        return _english(cast("_Record", said).get("en"))
    return said if isinstance(said, str) else None
