"""What tells one person from all others stands in no log line and in no error: those are read by many, and kept."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from tests.architecture.tree import Source, house, none

_PERSONAL = re.compile(r"\b(personal_number|subject_number|pin|given_name|family_name|birthdate|email|typed|answers)\b")
_LOGS = {"debug", "info", "warning", "error", "exception", "critical"}


def indiscreet(sources: Iterable[Source]) -> list[str]:
    """Return every log line and every raised error that is given something personal."""
    return [
        f"{source.path}:{told.lineno}: {ast.unparse(told)[:120]}"
        for source in sources
        for told in _told(source.tree)
        if any(_PERSONAL.search(part) for part in _given(told))
    ]


def _told(tree: ast.AST) -> Iterator[ast.Call]:
    """Yield every call that writes a log line or makes an error to raise."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            yield node.exc
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _LOGS:
            yield node


def _given(call: ast.Call) -> Iterator[str]:
    """Yield what a call is given, without its fixed texts: a sentence may well speak of a PIN."""
    for argument in [*call.args, *(keyword.value for keyword in call.keywords)]:
        for node in ast.walk(argument):
            if isinstance(node, ast.Name):
                yield node.id
            elif isinstance(node, ast.Attribute):
                yield node.attr


def test_neither_logs_nor_errors_name_a_person() -> None:
    none(indiscreet(house()))


def test_an_indiscretion_is_seen() -> None:
    for planted in (
        '_log.info("signed_in", who=identity.personal_number)',
        '_log.warning(f"no such person: {personal_number}")',
        'raise LookupError(f"nobody has {number} {person.family_name}")',
    ):
        assert len(indiscreet([Source("portal/planted.py", planted)])) == 1, planted
    assert not indiscreet([Source("portal/fine.py", '_log.info("the personal_number was read", reference=reference)')])
