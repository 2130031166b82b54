"""SQL stands in `store.py` and migrations only; the clock is read at the door only."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from tests.architecture.tree import STAND_INS, Source, house, none

# What else may speak SQL, and why.
_SPEAKS_SQL = {
    "portal/migrate.py": "runs the migrations and notes them",
    "portal/postgres/": "starts and makes databases",
    "portal/pages/health.py": "asks whether the database answers",
}
_SQL = re.compile(
    r"^\s*(SELECT\s.+|WITH\s\w+\s+AS\s.+|INSERT\s+INTO\s.+|UPDATE\s+\w+\s+(AS\s+\w+\s+)?SET\s.+|DELETE\s+FROM\s.+"
    r"|(CREATE|ALTER|DROP)\s+(TABLE|DATABASE|SCHEMA|INDEX|TYPE|ROLE|UNIQUE)\b.*|TRUNCATE\s.+|LISTEN\s.+|NOTIFY\s.+)",
    re.DOTALL,
)

# Where a time begins: at the door, at a command line, and with the outside parties, who have clocks of their own.
_READS_CLOCK = ("portal/session.py", *STAND_INS)
_CLOCKS = {"now": "datetime", "utcnow": "datetime", "today": "date", "time": "time", "time_ns": "time"}
# `DEFAULT now()` of the migrations' own table and of rows that no rule reads is fine; a rule's time is an argument.
_SQL_CLOCK = re.compile(r"\bnow\(\)|\bclock_timestamp\(\)|\bcurrent_(date|timestamp|time)\b", re.IGNORECASE)


def sql_outside_stores(sources: Iterable[Source], allowed: Iterable[str] = tuple(_SPEAKS_SQL)) -> list[str]:
    """Return every text that is SQL in a module that has no business with it."""
    return [
        f"{source.path}:{line}: {text.strip().splitlines()[0][:60]!r}"
        for source in sources
        if not source.path.endswith("/store.py") and not source.path.startswith(tuple(allowed))
        for line, text in _texts(source.tree)
        if _SQL.match(text)
    ]


def _texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield every string with its line, of an f-string its fixed parts; a docstring may well say SELECT."""
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.lineno, node.value


def hidden_clocks(sources: Iterable[Source], allowed: Iterable[str] = _READS_CLOCK) -> list[str]:
    """Return every reading of the wall clock where time should be an argument."""
    return [
        f"{source.path}:{node.lineno}: {ast.unparse(node)}"
        for source in sources
        if not source.path.startswith(tuple(allowed)) and not source.path.endswith("/__main__.py")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and _reads_clock(node.func)
    ]


def _reads_clock(called: ast.expr) -> bool:
    if not isinstance(called, ast.Attribute) or called.attr not in _CLOCKS:
        return False
    return ast.unparse(called.value).rpartition(".")[2] == _CLOCKS[called.attr]


def clocks_in_sql(sources: Iterable[Source]) -> list[str]:
    """Return every statement of a room that asks the database for the time."""
    return [
        f"{source.path}:{line}: the database's time is no argument"
        for source in sources
        if source.path.endswith("/store.py") and not source.path.startswith(STAND_INS)
        for line, text in _texts(source.tree)
        if _SQL_CLOCK.search(text)
    ]


def test_sql_stands_in_stores_and_migrations() -> None:
    none(sql_outside_stores(house()))


def test_no_exception_outlives_its_cause() -> None:
    speaking = sql_outside_stores(house(), allowed=())
    none(f"{path} speaks no SQL" for path in _SPEAKS_SQL if not any(fault.startswith(path) for fault in speaking))
    reading = hidden_clocks(house(), allowed=())
    none(f"{path} reads no clock" for path in _READS_CLOCK if not any(fault.startswith(path) for fault in reading))


def test_time_is_an_argument() -> None:
    none([*hidden_clocks(house()), *clocks_in_sql(house())])


def test_sql_elsewhere_is_seen() -> None:
    planted = 'def find(connection):\n    """SELECT is what this does."""\n    return connection.fetch({})\n'
    for statement in (
        '"SELECT id FROM person"',
        'f"INSERT INTO person VALUES ({x})"',
        '"""\n    UPDATE session\n       SET seen_at = $1\n"""',
        '"DELETE FROM session"',
    ):
        fault = Source("services/applications/casework.py", planted.format(statement))
        assert len(sql_outside_stores([fault])) == 1, statement
        assert not sql_outside_stores([Source("services/applications/store.py", fault.text)])
    assert not sql_outside_stores([Source("services/a.py", planted.format('"Select what you need"'))])


def test_a_hidden_clock_is_seen() -> None:
    for reading in ("datetime.now(UTC)", "datetime.datetime.now()", "date.today()", "time.time()"):
        fault = Source("services/applications/deadlines.py", f"def due():\n    return {reading}\n")
        assert len(hidden_clocks([fault])) == 1, reading
        assert not hidden_clocks([Source("portal/session.py", fault.text)])
    assert clocks_in_sql([Source("payments/store.py", 'LATE = "SELECT id FROM payment WHERE until < now()"')])
