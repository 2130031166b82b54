"""Reads the project's own files once, as the checks need them: every check is a function of what it is given."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("portal", "services", "eid", "payments", "i18n")
STAND_INS = ("eid/provider/", "payments/sandbox/", "services/registers/sandbox/")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One Python file: its path from the checkout's root, and its text."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax tree."""
        return ast.parse(self.text, self.path)

    @cached_property
    def functions(self) -> tuple[Function, ...]:
        """Every function in it, nested ones and methods too."""
        return tuple(node for node in ast.walk(self.tree) if isinstance(node, Function))


def house() -> tuple[Source, ...]:
    """Return the program's own modules, without tests."""
    return tuple(source for package in PACKAGES for source in _sources(package))


def everything() -> tuple[Source, ...]:
    """Return every Python module, tests too."""
    return (*house(), *_sources("tests"))


@cache
def _sources(package: str) -> tuple[Source, ...]:
    return tuple(Source(_name(path), path.read_text("utf-8")) for path in sorted((ROOT / package).rglob("*.py")))


def templates() -> Iterator[tuple[str, str]]:
    """Yield every template with its text."""
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.suffix in {".html", ".txt", ".typ"}:
            yield _name(path), path.read_text("utf-8")


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def none(faults: Iterable[str]) -> None:
    """Fail with each fault on a line, and with no more than that; pass when there is none."""
    if said := "\n".join(faults):
        pytest.fail(said, pytrace=False)
