"""The JSON Schema of a definition file, by which an editor completes, explains and marks what somebody writes.

It says the shape, and of what other files and registers name which names there are. That rules hold and examples come
out is said by `portal service check`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from inspect import cleandoc
from pathlib import Path
from typing import Any, cast

import msgspec

from services.catalogue import bank, vocabulary
from services.catalogue.load import institutions, life_events, questions
from services.catalogue.service import Service

FILE = Path(__file__).parent / "definition.schema.json"
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_PLACE = "#/$defs/"
_Schema = dict[str, Any]

_PARTS: Mapping[str, str] = {
    "id": "The file's name without `.yaml`; also part of addresses.",
    "version": "A number that grows when the content changes after people began applications with it.",
    "area": "The folder's name.",
    "names": "What it is called.",
    "summary": "What it is, in one sentence.",
    "help": "Who may ask and what to know.",
    "gives": "What one leaves with.",
    "search_words": "Other words for it, without their forms and misspellings, which search knows.",
    "institution": "Who gives it and in whose name it is sealed: an id of institutions.yaml.",
    "life_events": "Ids of life_events.yaml.",
    "audience": "For whom one may ask: for oneself, for one's child, for a company.",
    "legal_basis": "Laws and by-laws, as they are cited.",
    "source": "Where the content was read.",
    "confidence": "A: an official source was read; B: press or code; C: from memory, or a demo value.",
    "channels": "Where one may ask for it.",
    "fee": "What it costs, in euro cents; 0 is free of charge.",
    "processing": "Who decides, and within how many working days.",
    "assurance": "How surely one must be known.",
    "signature": "Who signs before it is submitted; left out, nobody does.",
    "offered_on": "On which events of registers it is offered.",
    "recorded_in": "What registers are told once it is approved or paid, each line its own message.",
    "facts": "What registers are asked, about whom, for what, by which law.",
    "computed": "Values by name, each an expression, which may name those before it as `computed.<name>`.",
    "sections": "Pages of questions, in the order asked.",
    "eligibility": "Rules that must hold, and what is said when one does not.",
    "document": "What is issued.",
    "examples": "Worked cases, run whenever the definition is loaded.",
}


def text() -> str:
    """Return the schema as it stands in the repository."""
    return msgspec.json.format(msgspec.json.encode(schema()), indent=2).decode() + "\n"


def schema() -> _Schema:
    """Return the schema of one file `definitions/<area>/<id>.yaml`."""
    made = msgspec.json.schema(Service, schema_hook=_anything)
    shapes = cast("dict[str, _Schema]", made["$defs"])
    del shapes["Institution"]
    for shape in shapes.values():
        if "description" in shape:
            shape["description"] = cleandoc(shape["description"])
    shapes["Wording"] |= {"additionalProperties": False}
    for language in shapes["Wording"]["properties"].values():
        language["minLength"] = 1
    properties = cast("dict[str, _Schema]", shapes["Service"]["properties"])
    for name, said in properties.items():
        said["description"] = _PARTS[name]
    _name_what_there_is(shapes, properties)
    _let_use(shapes, questions())
    return {"$schema": _DRAFT, "title": "A public service", "$ref": made["$ref"], "$defs": shapes}


def _anything(_kind: type) -> _Schema:
    """Return the schema of what is shaped as its register or its question says."""
    return {"description": "As the register or the question says it."}


def _name_what_there_is(shapes: dict[str, _Schema], properties: dict[str, _Schema]) -> None:
    """Let the schema know the names that stand in other files and in registers."""
    properties["institution"] = _one_of(institutions()) | {"description": _PARTS["institution"]}
    properties["life_events"]["items"] = _one_of(life_events())
    shapes["FactNeed"]["properties"]["name"] = _one_of(vocabulary.FACTS)
    shapes["Offered"]["properties"]["event"] = _one_of(vocabulary.EVENTS)
    shapes["Recorded"]["properties"]["register"] = _one_of(
        sorted({name.partition("/")[0] for name in vocabulary.TARGETS})
    )
    shapes["Recorded"]["properties"]["service"] = _one_of(
        sorted({name.partition("/")[2] for name in vocabulary.TARGETS})
    )
    lists = (name for name, fields in vocabulary.FACTS.items() if isinstance(fields, list))
    shapes["Asset"]["properties"]["fact"] = _one_of(lists)


def _let_use(shapes: dict[str, _Schema], shared: bank.Bank) -> None:
    """Let a question or a page of the bank stand, by `use`, wherever one may be written."""
    kinds = {shape["properties"]["kind"]["enum"][0]: name for name, shape in shapes.items() if _is_kind(shape)}
    for name, entry in shared.questions.items():
        shapes[f"Use_{name}"] = _use(name, shapes[kinds[entry["kind"]]], entry)
    asked = shapes["Section"]["properties"]["questions"]["items"]
    asked["anyOf"] += [{"$ref": f"{_PLACE}Use_{name}"} for name in shared.questions]
    for name, entry in shared.sections.items():
        shapes[f"Use_page_{name}"] = _use(name, shapes["Section"], entry)
    pages = [{"$ref": f"{_PLACE}Use_page_{name}"} for name in shared.sections]
    sections = shapes["Service"]["properties"]["sections"]
    sections["items"] = {"anyOf": [sections["items"], *pages]}


def _is_kind(shape: _Schema) -> bool:
    """Return whether it is the shape of a kind of question."""
    return {"kind", "label"} <= shape["properties"].keys()


def _use(name: str, shape: _Schema, entry: Mapping[str, Any]) -> _Schema:
    """Return the shape of what is used by its name; whatever else stands beside counts in place of the bank's."""
    title = cast("dict[str, str]", entry.get("label") or entry.get("title") or {})
    return {
        "title": f"use: {name}",
        "description": f"“{title.get('en', name)}”, as questions.yaml says it, and beside it whatever is different.",
        "type": "object",
        "properties": {"use": {"const": name}, **shape["properties"]},
        "required": ["use"],
        "additionalProperties": False,
    }


def _one_of(names: Iterable[str]) -> _Schema:
    return {"enum": list(names)}
