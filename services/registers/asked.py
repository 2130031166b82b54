"""What a register would say, asked of people before they sign in: in plain words, answered as its type allows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from msgspec import inspect

from i18n.text import Wording
from services.registers import asked_words, label, municipality
from services.registers.field import Field, Word
from services.registers.field import country as _country
from services.registers.field import municipality as _municipality
from services.registers.source import FACTS

# is_there: whether the register holds it at all; country: whether it is Kosovo; number: also how many of a list.
Way = Literal["is_there", "yes_no", "country", "date", "number", "money", "choice"]


@dataclass(frozen=True, slots=True)
class Plain:
    """A fact or a field of it as a question: how it is answered, of what one chooses, what is said to whom."""

    way: Way
    own: Wording
    other: Wording | None = None  # about whom it is for, where that is not oneself
    options: Mapping[str, Wording] | None = None


@cache
def plain(path: str) -> Plain | None:
    """Return how people are asked for a fact (`licence`) or its field (`licence.number`); None where they are not.

    Of a list (`vehicles`) they say how many there are; a field of it is about one of them.
    """
    words = asked_words.WORDS.get(path)
    found = _way(path) if words else None
    if words is None or found is None:
        return None
    way, options = found
    return Plain(way, words[0], words[1] if len(words) > 1 else None, options)


def name(path: str) -> Wording | None:
    """Return what a fact or its field is called; None where it has no name in people's words."""
    fact, _dot, rest = path.partition(".")
    if fact not in FACTS:
        return None
    if not rest:
        return FACTS[fact].label
    field = _field(fact, rest)
    return field.label if field else None


_Answered = tuple[Way, Mapping[str, Wording] | None]
_TYPES: Mapping[type[inspect.Type], Way] = {
    inspect.ListType: "number",
    inspect.StructType: "is_there",
    inspect.DateType: "date",
    inspect.BoolType: "yes_no",
    inspect.IntType: "number",
    inspect.LiteralType: "choice",
}


def _way(path: str) -> _Answered | None:
    """Return how it is answered, by the type that the register's answer is read with and how its values are said."""
    fact, _dot, rest = path.partition(".")
    kind, field = _type(fact, rest), _field(fact, rest)
    if isinstance(kind, inspect.StrType):
        return _of_text(field) if field else None
    if isinstance(kind, inspect.IntType) and rest.endswith("_cents"):
        return "money", None
    way = _TYPES.get(type(kind)) if kind else None
    return (way, asked_words.OPTIONS.get(path)) if way else None


def _of_text(field: Field) -> _Answered | None:
    if field.say is _country:
        return "country", None
    if field.say is _municipality:
        return "choice", {one.id: one.name for one in municipality.all_of_them().values()}
    return ("choice", field.say.words) if isinstance(field.say, Word) else None


def _type(fact: str, rest: str) -> inspect.Type | None:
    kind = _within(inspect.type_info(FACTS[fact].decoder.type), "data")
    for part in rest.split(".") if rest else ():
        one = kind.item_type if isinstance(kind, inspect.CollectionType) else kind
        kind = _within(one, part)
    return kind


def _within(kind: inspect.Type | None, field: str) -> inspect.Type | None:
    """Return the type of a field, without what only bounds it or lets it be left out."""
    bare = _bare(kind)
    fields = bare.fields if isinstance(bare, inspect.StructType) else ()
    return next((_bare(one.type) for one in fields if one.name == field), None)


def _bare(kind: inspect.Type | None) -> inspect.Type | None:
    if isinstance(kind, inspect.Metadata):
        return _bare(kind.type)
    if isinstance(kind, inspect.UnionType):
        return next((_bare(one) for one in kind.types if not isinstance(one, inspect.NoneType)), None)
    return kind


def _field(fact: str, path: str) -> Field | None:
    return next((field for field in label.FIELDS.get(fact, ()) if field.path == path), None)
