"""Several entries of the same few questions: read row by row, each row's errors named.

A row's fields are `<group>-<row>-<question>`, rows counted from 1; `<group>-rows` says how many were shown. A row is
added or taken away by a button that sends `rows` as "add <group>" or "remove <group> <row>".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from i18n.text import Language, Sayable, Wording, n_
from services.applications.kinds.kind import Data, Kind, Unfit, about, first, in_each
from services.catalogue.display import NOTHING
from services.catalogue.question import Group, Single
from services.catalogue.rules import Values

Entry = dict[str, Any]
_REMOVE = re.compile(r"remove ([a-z0-9_]+) ([0-9]{1,3})")
_MOST = 999


class Entries(Kind[Group]):
    """From `least` to `most` entries, kept as a list of records."""

    def __init__(self, kinds: Mapping[type[Any], Kind[Any]]) -> None:
        self._kinds = kinds

    def typed(self, question: Group, name: str, data: Data, known: Values) -> Data:
        """Return the fields; nothing when every row is empty."""
        return data if any(self._is_filled(question, row, data, known) for row in rows(question, data)) else {}

    def lacking(self, question: Group, name: str, data: Data, known: Values) -> Mapping[str, Sayable]:
        """Return what lacks in the first rows."""
        return {"": question.missing} if question.missing else self._judged(question, data, known)[1]

    def read(self, question: Group, typed: Data, known: Values) -> list[Entry]:
        """Return the entries; a row that was left empty counts only where there are too few others."""
        entries, wrong = self._judged(question, typed, known)
        if wrong:
            raise Unfit(wrong)
        return entries

    def fields(self, question: Group, name: str, answer: list[Entry], known: Values) -> dict[str, list[str]]:
        """Return every row's fields, and how many rows there are."""
        sent = {f"{name}-rows": [str(len(answer))]}
        for row, entry in enumerate(answer, 1):
            for one in question.questions:
                if entry.get(one.id) is not None:
                    sent |= self._kinds[type(one)].fields(one, field(question, row, one), entry[one.id], known)
        return sent

    def say(self, question: Group, answer: list[Entry] | None, known: Values) -> Wording:
        """Return a line an entry, numbered."""

        def line(entry: Entry, language: Language) -> str:
            said = (
                self._kinds[type(one)].say(one, entry[one.id], known).say(language)
                for one in question.questions
                if entry.get(one.id) is not None
            )
            return ", ".join(said)

        def say(language: Language) -> str:
            return "\n".join(f"{row}. {line(entry, language)}" for row, entry in enumerate(answer or (), 1)) or NOTHING

        return in_each(say)

    def _judged(self, question: Group, data: Data, known: Values) -> tuple[list[Entry], dict[str, Sayable]]:
        """Return the entries of the rows that count, and what is wrong with them."""
        shown = rows(question, data)
        filled = [row for row in shown if self._is_filled(question, row, data, known)]
        spare = [row for row in shown if row not in filled][: max(0, question.least - len(filled))]
        counting = sorted(filled + spare)
        wrong: dict[str, Sayable] = {}
        entries = [self._entry(question, row, data, known, wrong) for row in counting]
        if len(counting) < question.least:
            wrong[""] = n_(
                "Add at least %(count)s entry to “%(field)s”.",
                "Add at least %(count)s entries to “%(field)s”.",
                question.least,
            )
        return entries, wrong

    def _entry(self, question: Group, row: int, data: Data, known: Values, wrong: dict[str, Sayable]) -> Entry:
        entry: Entry = dict.fromkeys((one.id for one in question.questions), None)
        for one in question.questions:
            try:
                entry[one.id] = self._kinds[type(one)].take(one, field(question, row, one), data, known)
            except Unfit as unfit:
                suffix = field(question, row, one).removeprefix(question.id)
                for part, sentence in unfit.sentences.items():
                    wrong[suffix + part] = _in_row(question, row, about(one, sentence))
        return entry

    def _is_filled(self, question: Group, row: int, data: Data, known: Values) -> bool:
        return any(
            self._kinds[type(one)].typed(one, field(question, row, one), data, known) for one in question.questions
        )


def field(question: Group, row: int, one: Single) -> str:
    """Return the name of a question's field in a row."""
    return f"{question.id}-{row}-{one.id}"


def rows(question: Group, data: Data) -> range:
    """Return the numbers of the rows that are shown: as many as were, and never none."""
    return range(1, max(1, min(question.most, _count(question.id, data) or question.least)) + 1)


def reshaped(data: Data) -> dict[str, list[str]] | None:
    """Return the fields with a row more or less, as a button asked for it; None when none did."""
    asked = first(data, "rows")
    sent = {name: list(values) for name, values in data.items() if name != "rows"}
    if asked.startswith("add "):
        group = asked.removeprefix("add ")
        return {**sent, f"{group}-rows": [str(max(1, _count(group, data)) + 1)]}
    if found := _REMOVE.fullmatch(asked):
        return _without(found[1], int(found[2]), sent)
    return None


def _without(group: str, gone: int, sent: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return the fields without that row's, the later rows moved up."""
    kept: dict[str, list[str]] = {}
    for name, values in sent.items():
        found = re.fullmatch(rf"{group}-([0-9]{{1,3}})-(.+)", name)
        if found is None:
            kept[name] = values
        elif (row := int(found[1])) != gone:
            kept[f"{group}-{row - (row > gone)}-{found[2]}"] = values
    return {**kept, f"{group}-rows": [str(max(1, _count(group, sent) - 1))]}


def _count(group: str, data: Data) -> int:
    sent = first(data, f"{group}-rows")
    return min(_MOST, int(sent)) if re.fullmatch(r"[0-9]{1,9}", sent) else 0


def _in_row(question: Group, row: int, sentence: Wording) -> Wording:
    return in_each(lambda language: f"{question.entry.say(language)} {row}: {sentence.say(language)}")
