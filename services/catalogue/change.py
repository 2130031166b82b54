"""What changed between two versions of a definition, by place: `$.sections[whom].questions[reason].optional`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import msgspec

from services.catalogue.service import Service

# What tells the entries of a list apart, so that one put in between moves no other: the first that fits all counts.
_KEYS = (("id",), ("name", "about"), ("key",), ("value",), ("event",), ("title",), ("label",), ("cite",))
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


def _changes(place: str, before: Any, after: Any) -> Iterator[Change | Moved]:  # noqa: ANN401 - whatever was written
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _of_records(place, before, after, ".{}")
    elif isinstance(before, list) and isinstance(after, list):
        yield from _of_lists(place, before, after)
    elif before != after:
        yield Change(place, before, after)


def _of_records(place: str, before: _Record, after: _Record, form: str) -> Iterator[Change | Moved]:
    for name in [*before, *(name for name in after if name not in before)]:
        at = place + form.format(name)
        yield from _changes(at, before.get(name, NOTHING), after.get(name, NOTHING))


def _of_lists(place: str, before: list[Any], after: list[Any]) -> Iterator[Change | Moved]:
    """Yield what changed in a list: entry by entry where they have names, else the whole of it."""
    key = next((key for key in _KEYS if _tells_apart(key, before) and _tells_apart(key, after)), None)
    if key is None:
        if before != after:
            yield Change(place, before, after)
        return
    old, new = ({_name(key, entry): entry for entry in entries} for entries in (before, after))
    if [name for name in old if name in new] != [name for name in new if name in old]:
        yield Moved(place, tuple(new))
    yield from _of_records(place, old, new, "[{}]")


def _tells_apart(key: tuple[str, ...], entries: list[Any]) -> bool:
    names = [_name(key, entry) for entry in entries]
    return None not in names and len(set(names)) == len(names)


def _name(key: tuple[str, ...], entry: object) -> str | None:
    """Return what an entry is called: a text, or an English wording; None where it has no such name."""
    record = cast("_Record", entry) if isinstance(entry, dict) else {}
    if key == ("value",) and not _WORD.fullmatch(str(record.get("value"))):
        return None  # an expression names no line of a document, its label does
    said = [record.get(part) for part in key]
    words = [one["en"] if isinstance(one, dict) and "en" in one else one for one in said]
    return " ".join(words) if all(isinstance(word, str) for word in words) else None
