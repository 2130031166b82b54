"""Questions and pages that several services ask alike: written once in `questions.yaml`, named by `use: <id>`.

What stands beside `use` counts in place of what the bank says: another id, another hint, a condition.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import msgspec
from msgspec import Struct

from services.catalogue.checks.problem import Problem
from services.catalogue.question import Question
from services.catalogue.service import Section

Entries = Mapping[str, dict[str, Any]]


class Bank(Struct, frozen=True):
    """What may be used, by id, as it is written."""

    questions: Entries = {}
    sections: Entries = {}


def read(data: object) -> Bank:
    """Return the bank that a file says; raise msgspec.ValidationError for what is no question or page."""
    said = msgspec.convert(data, dict[str, list[dict[str, Any]]])
    questions = {str(one["id"]): one for one in said.get("questions", [])}
    sections = {str(one["id"]): one for one in said.get("sections", [])}
    msgspec.convert(list(questions.values()), tuple[Question, ...])
    resolved, _problems = with_bank({"sections": list(sections.values())}, Bank(questions))
    msgspec.convert(cast("dict[str, Any]", resolved)["sections"], tuple[Section, ...])
    return Bank(questions, sections)


def with_bank(data: object, bank: Bank) -> tuple[object, list[Problem]]:
    """Return a definition's data with everything in place that it uses of the bank, and what the bank does not have."""
    problems: list[Problem] = []
    if not isinstance(data, dict):
        return data, problems
    record = cast("dict[str, Any]", data)
    sections = [
        _section(written, bank, f"$.sections[{number}]", problems)
        for number, written in enumerate(_listed(record.get("sections")))
    ]
    return ({**record, "sections": sections} if sections else record), problems


def _section(written: Any, bank: Bank, place: str, problems: list[Problem]) -> Any:  # noqa: ANN401 - YAML as written
    section = _used(written, bank.sections, place, problems)
    if not isinstance(section, dict) or "questions" not in section:
        return cast("object", section)
    said = cast("dict[str, Any]", section)
    asked = enumerate(_listed(said["questions"]))
    questions = [_used(one, bank.questions, f"{place}.questions[{number}]", problems) for number, one in asked]
    return {**said, "questions": questions}


def _used(written: Any, entries: Entries, place: str, problems: list[Problem]) -> Any:  # noqa: ANN401 - YAML as written
    if not isinstance(written, dict) or "use" not in written:
        return cast("object", written)
    own = {str(key): value for key, value in cast("dict[str, Any]", written).items()}
    name = str(own.pop("use"))
    if name not in entries:
        problems.append((f"{place}.use", f"{name} does not stand in questions.yaml"))
    return {**entries.get(name, {}), **own}


def _listed(data: Any) -> list[Any]:  # noqa: ANN401 - YAML as written
    return cast("list[Any]", data) if isinstance(data, list) else []
