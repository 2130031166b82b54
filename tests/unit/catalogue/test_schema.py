"""The JSON Schema of a definition, by which an editor helps whoever writes one, fits what the loader takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jsonschema
import pytest

from services.catalogue import load, schema, source

BIRTH = "civil/birth-extract"
HELP = "social/social-assistance"


Marks = Callable[[Any], list[str]]


@pytest.fixture(scope="module")
def marks() -> Marks:
    """Give the places that an editor marks in a definition."""
    said = schema.schema()
    jsonschema.Draft202012Validator.check_schema(said)
    validator: Any = jsonschema.Draft202012Validator(said)
    return lambda data: [wrong.json_path for wrong in validator.iter_errors(data)]


def test_the_schema_in_the_repository_is_as_the_code_says_it() -> None:
    assert schema.FILE.read_text("utf-8") == schema.text(), "run `portal service schema --write`"


def test_every_definition_fits_the_schema(marks: Marks) -> None:
    files = sorted(load.DEFINITIONS.glob("*/*.yaml"))
    assert files
    assert [(file.name, place) for file in files for place in marks(source.read(file))] == []


@pytest.mark.parametrize(
    ("name", "old", "new", "place"),
    [
        (BIRTH, "version: 2", "version: two", "$.version"),
        (BIRTH, "version: 2", "version: 2\ncolour: red", "$"),
        (BIRTH, "  sr: Ekstrakt rođenja\n", "", "$.names"),
        (BIRTH, "  sr: Ekstrakt rođenja\n", "  sr: ''\n", "$.names.sr"),
        (BIRTH, "  sr: Ekstrakt rođenja\n", "  sr: x\n  bs: x\n", "$.names"),
        (BIRTH, "institution: arc", "institution: nobody", "$.institution"),
        (BIRTH, "life_events: [birth,", "life_events: [brith,", "$.life_events[0]"),
        (BIRTH, "kind: child", "kind: grandchild", "$.sections[0]"),
        (BIRTH, "event: birth", "event: wedding", "$.offered_on[0].event"),
        (BIRTH, "  - name: person\n", "  - name: horoscope\n", "$.facts[0].name"),
        (BIRTH, "decision: rule", "decision: oracle", "$.processing.decision"),
        (HELP, "- use: account", "- use: wallet", "$.sections[2]"),
        (HELP, "- use: account", "- {use: account, colour: red}", "$.sections[2]"),
    ],
)
def test_an_editor_marks_what_is_no_definition(marks: Marks, name: str, old: str, new: str, place: str) -> None:
    text = (load.DEFINITIONS / f"{name}.yaml").read_text("utf-8")
    assert old in text
    assert marks(source.parse(text.replace(old, new, 1))) == [place]


def test_an_editor_explains_every_part_and_every_shape() -> None:
    shapes = schema.schema()["$defs"]
    assert [name for name, shape in shapes.items() if not shape["description"]] == []
    assert [name for name, part in shapes["Service"]["properties"].items() if not part["description"]] == []
