"""Reads YAML as it is meant: a day is no date object, `no` is no false, 012 is no octal, and nothing is said twice."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml


class Unreadable(Exception):  # noqa: N818 - says what the file is
    """The file is not YAML, or says a thing twice; the message names line and reason."""


def read(path: Path) -> Any:  # noqa: ANN401 - typed by the caller, with msgspec
    """Return what the file holds as plain dicts, lists, texts, whole numbers, booleans and None."""
    try:
        return parse(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise Unreadable(f"byte {error.start}: the file is not UTF-8") from None


def parse(text: str) -> Any:  # noqa: ANN401 - as above
    """Return what a text holds, likewise."""
    try:
        return yaml.load(text, _Loader)  # noqa: S506 - a safe loader
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Unreadable(f"line {line}: {error.problem}") from None


class _Loader(yaml.CSafeLoader):
    """Knows null, true, false and whole numbers; everything else is text."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - the library's way to say it


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[str] = set()
    for key, _value in node.value:
        if key.value in seen:
            raise Unreadable(f"line {key.start_mark.line + 1}: {key.value} stands twice")
        seen.add(key.value)
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
for _tag, _form, _first in (
    ("null", r"null|~|", ["n", "~", ""]),
    ("bool", r"true|false", ["t", "f"]),
    ("int", r"-?(0|[1-9][0-9]*)", list("-0123456789")),
):
    _Loader.add_implicit_resolver(  # pyright: ignore[reportUnknownMemberType]
        f"tag:yaml.org,2002:{_tag}", re.compile(rf"^(?:{_form})$"), _first
    )
