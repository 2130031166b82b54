"""What a definition may name: facts that registers hold, events that they tell, what they let themselves be told."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import inspect
from msgspec import structs as struct

from services.catalogue.rules import Shape
from services.registers import event, facts
from services.registers.posting import target

# Fields whose names say too little alone to tell that a question asks for them.
_VAGUE = {
    "number",
    "year",
    "page",
    "book",
    "since",
    "model",
    "make",
    "entry",
    "name",
    "kind",
    "status",
    "role",
    "form",
} | {
    "level",
    "field",
    "source",
    "position",
    "category",
    "categories",
    "code",
    "reason",
    "activity",
    "until",
    "institution",
}


def _shape(kind: inspect.Type) -> Shape:
    """Return the fields of what a register answers, from the types that the answer is read with."""
    if isinstance(kind, inspect.UnionType):
        return next((shape for one in kind.types if (shape := _shape(one)) is not None), None)
    if isinstance(kind, inspect.Metadata):
        return _shape(kind.type)
    if isinstance(kind, inspect.CollectionType):
        return [_shape(kind.item_type)]
    if isinstance(kind, inspect.StructType):
        return {field.name: _shape(field.type) for field in kind.fields}
    return None


def _data(source: facts.Source) -> Shape:
    envelope = _shape(inspect.type_info(source.decoder.type))
    return envelope["data"] if isinstance(envelope, Mapping) else None


FACTS: Mapping[str, Shape] = {name: _data(source) for name, source in facts.FACTS.items()}
EVENTS: Mapping[str, Shape] = {name: _shape(inspect.type_info(kind.about)) for name, kind in event.KINDS.items()}
OF_COMPANIES = frozenset(name for name, source in facts.FACTS.items() if source.of == "company")


REGISTERS = frozenset(facts.REGISTERS)
SHAPES = {name: one.shape for name, one in target.TARGETS.items()}
# What each lets itself be told: which fields, and whether it must have them.
TARGETS: Mapping[str, Mapping[str, bool]] = {
    name: {field.encode_name: field.required for field in struct.fields(shape)} for name, shape in SHAPES.items()
}
APPLICATION: Shape = {"reference": None, "fee_cents": None}


def held() -> frozenset[str]:
    """Return the names of facts and fields that a register holds, which a question therefore must not ask."""
    return frozenset(FACTS) | frozenset(name for shape in FACTS.values() for name in _fields(shape)) - _VAGUE


def _fields(shape: Shape) -> set[str]:
    if isinstance(shape, list):
        return _fields(shape[0])
    if shape is None:
        return set()
    return set(shape).union(*(_fields(inner) for inner in shape.values()))
