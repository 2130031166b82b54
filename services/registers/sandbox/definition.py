"""What a register is, said as data: its address under the gateway, its tables, what it answers and what it tells.

One package below `register/` is one register, and nothing else is edited to add one:

    register/<name>/__init__.py   REGISTER, made of what stands here
    register/<name>/schema.sql    its tables, run at every start
    register/<name>/generator.py  what it holds of a kin of the invented population
    register/<name>/store.py      its SQL
    register/<name>/taken.py      the shapes of what it lets itself be told, where it does
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeAlias

import asyncpg
from asyncpg.pool import PoolConnectionProxy
from msgspec import Struct

from i18n.text import Text
from services.registers.sandbox.population.world import World

Connection: TypeAlias = asyncpg.Connection | PoolConnectionProxy
Row = tuple[object, ...]
Filled = Mapping[str, Sequence[Row]]
Shape = Callable[[Sequence[Mapping[str, Any]], date], object]


class _NothingRecorded:
    """The person is known, and the register holds nothing of this kind about her."""


NOTHING_RECORDED: Final = _NothingRecorded()


class TwoRecords(Exception):  # noqa: N818 - an answer
    """The register holds two records where there may be one, and cannot say which is right."""


class Unfit(Exception):  # noqa: N818 - an answer
    """What the register is told does not fit what it holds: `kind` is the protocol's word, `sentence` says how."""

    def __init__(self, kind: str, sentence: str) -> None:
        super().__init__(kind)
        self.kind = kind
        self.sentence = sentence


def many(rows: Sequence[Mapping[str, Any]], _day: date) -> object:
    """Return every row as it was selected."""
    return [dict(row) for row in rows]


def one(rows: Sequence[Mapping[str, Any]], _day: date) -> object:
    """Return the one row, or that nothing is recorded; raise TwoRecords when there are more."""
    if len(rows) > 1:
        raise TwoRecords
    return dict(rows[0]) if rows else NOTHING_RECORDED


@dataclass(frozen=True, slots=True)
class Service:
    """What a register answers about a person.

    `select` is given the personal number ($1) and the day in Kosovo ($2), and names the columns that are answered, in
    order; `shape` makes the answer of its rows.
    """

    code: str
    select: str
    shape: Shape = many


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the number that it was given, if any, and who besides the subject is concerned."""

    number: str | None = None
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Writing:
    """What a register lets itself be told about a person, in the shape `takes`.

    `write` is given a connection on which a transaction is open, the personal number, what is told, and the day in
    Kosovo; it raises Unfit, or TwoRecords, before it changes anything.
    """

    code: str
    takes: type[Struct]
    write: Callable[[Connection, str, Any, date], Awaitable[Written]]


@dataclass(frozen=True, slots=True)
class Table:
    """A table that seeding fills. `holder`: the column of the person whose rows are made anew as the days go by."""

    name: str
    columns: tuple[str, ...]
    holder: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """Something that goes wrong or is out of the ordinary, and who shows it: `select` is given how many ($1)."""

    code: str
    said: Text
    select: str


@dataclass(frozen=True, slots=True)
class Event:
    """What a register tells without being asked: `select` gives of a day ($1) whom it is about, and about what.

    Its columns are `subject`, `key` (of that person's events of a day, which) and `about` (JSON).
    """

    kind: str
    select: str


@dataclass(frozen=True, slots=True)
class Register:
    """One register of one institution. `fill` returns the rows that it holds of a kin, by the name of the table."""

    code: str
    name: Text
    member: str
    tables: tuple[Table, ...]
    services: tuple[Service, ...]
    fill: Callable[[World], Filled]
    schema: Path
    cases: tuple[Case, ...] = ()
    events: tuple[Event, ...] = field(default=())
    writings: tuple[Writing, ...] = field(default=())

    @property
    def subsystem(self) -> str:
        """Return its identifier in X-Road."""
        return f"XK/GOV/{self.member}/{self.code}"

    @property
    def log(self) -> str:
        """Return the table in which it records who asked."""
        return f"{self.code.replace('-', '_')}_access"
