"""The database keeps its own promises: each CHECK is a sentence, and what happened cannot be changed afterwards."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tests.architecture.tree import ROOT, none

_CHECK = re.compile(r"(?:CONSTRAINT\s+(\w+)\s+)?\bCHECK\s*\(", re.IGNORECASE)
_TABLE = re.compile(r"^CREATE TABLE (\w+)", re.MULTILINE)
_TRIGGER = re.compile(
    r"CREATE TRIGGER \w+\s+BEFORE (?P<events>[\w ]+?)\s+ON (?P<table>\w+)\s+[^;]*EXECUTE FUNCTION refuse_change\(\)"
)
# What tells the story of something, or is booked, or says who looked.
_HISTORY = re.compile(r"\w+_event|\w+_entry|ledger\w*|fact_read")
_SENTENCE = 3  # words


def nameless(files: Iterable[tuple[str, str]]) -> list[str]:
    """Return every CHECK without a name that reads as a sentence: the name is what a refusal is found by."""
    return [
        f"{path}: CHECK {check[1] or 'without a name'}"
        for path, sql in files
        for check in _CHECK.finditer(_without_comments(sql))
        if len((check[1] or "").split("_")) < _SENTENCE
    ]


def changeable(files: Iterable[tuple[str, str]]) -> list[str]:
    """Return every table of events or audit whose rows could be changed or deleted."""
    sql = "\n".join(_without_comments(text) for _path, text in files)
    kept = {
        trigger["table"] for trigger in _TRIGGER.finditer(sql) if {"UPDATE", "DELETE"} <= set(trigger["events"].split())
    }
    return [table for table in _TABLE.findall(sql) if _HISTORY.fullmatch(table) and table not in kept]


def _without_comments(sql: str) -> str:
    return re.sub(r"--.*", "", sql)


def migrations() -> Iterator[tuple[str, str]]:
    """Yield every migration with its text."""
    for path in sorted((ROOT / "portal" / "migrations").glob("*.sql")):
        yield path.name, path.read_text("utf-8")


def test_every_check_is_a_sentence() -> None:
    none(nameless(migrations()))


def test_what_happened_stays_as_it_was() -> None:
    none(f"{table} can be changed" for table in changeable(migrations()))


def test_a_promise_that_is_not_kept_is_seen() -> None:
    planted = "CREATE TABLE visit_event (n integer CHECK (n > 0), -- CHECK (a)\n  CONSTRAINT n CHECK (n < 9));"
    assert nameless([("0009.sql", planted)]) == ["0009.sql: CHECK without a name", "0009.sql: CHECK n"]
    assert changeable([("0009.sql", planted)]) == ["visit_event"]
    half = "CREATE TRIGGER t BEFORE UPDATE ON visit_event FOR EACH ROW EXECUTE FUNCTION refuse_change();"
    assert changeable([("0009.sql", planted + half)]) == ["visit_event"]
    assert not changeable([("0009.sql", planted + half.replace("UPDATE ON", "UPDATE OR DELETE ON"))])
