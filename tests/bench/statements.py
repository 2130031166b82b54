"""The statements of one submission with its decision, recorded from a real one, and run as fast as PostgreSQL can.

By pgbench where PostgreSQL's programs have it, else by asyncpg in a process of its own.
"""

from __future__ import annotations

import asyncio
import itertools
import re
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import asyncpg
import uvloop
from asyncpg.connection import LoggedQuery

from portal import cookie, postgres
from portal.database import connect_once
from portal.queue import enqueue
from portal.store import find_session
from services.applications import casework
from tests.bench.load import CONNECTIONS, Run
from tests.bench.people import application_id, person_id, token

Statement = tuple[str, tuple[Any, ...]]
UNUSED = 3  # of the crowd, who is the first that nobody has sent for yet
_FIRST, _RECORDED = 1, 2  # of the crowd: whose submission lets asyncpg learn the types, and whose is recorded

# What differs from one of the crowd to the next, as SQL over pgbench's :n.
_NUMBER = "lpad(:n::text, {}, '0')"
_OWN: dict[object, str] = {
    application_id(_RECORDED): f"('00000000-0000-7000-9000-' || {_NUMBER.format(12)})::uuid",
    person_id(_RECORDED): f"('00000000-0000-7000-8000-' || {_NUMBER.format(12)})::uuid",
    cookie.digest(token("crowd", _RECORDED)): f"sha256(('crowd-' || {_NUMBER.format(37)})::bytea)",
}


def program() -> str | None:
    """Return pgbench's path, or None where PostgreSQL came without it."""
    path = Path(postgres.find().program("pgbench"))
    return str(path) if path.exists() else None


async def recorded(url: str, revision: int) -> list[Statement]:
    """Return what is asked of the database when one of the crowd sends her application: session, rule and all."""
    heard: list[LoggedQuery] = []
    connection = await connect_once(url)
    await _submit(connection, _FIRST, revision)
    with connection.query_logger(heard.append):
        await _submit(connection, _RECORDED, revision)
    await connection.close()
    return [(query.query, tuple(query.args or ())) for query in heard]


async def _submit(connection: asyncpg.Connection, number: int, revision: int) -> None:
    session = await find_session(connection, cookie.digest(token("crowd", number)))
    assert session is not None
    async with connection.transaction():
        now = datetime.now(UTC)
        await casework.submit(connection, application_id(number), session.person_id, revision, enqueue, now)


def script(statements: Sequence[Statement], first: int) -> str:
    """Return the statements for pgbench: every client takes its own people, from `first` on."""
    lines = [
        "\\set step :step + 1",
        f"\\set n {first} + :step * {CONNECTIONS} + :client_id",
        *(f"{_filled(query, arguments)};" for query, arguments in statements),
    ]
    return "\n".join(lines) + "\n"


def by_pgbench(program: str, url: str, statements: Sequence[Statement], first: int, seconds: float) -> Run:
    """Return how often a second pgbench gets through all statements, with prepared statements, on 16 connections."""
    with tempfile.TemporaryDirectory(prefix="bench-") as directory:
        file, log = Path(directory, "submission.sql"), Path(directory, "log")
        file.write_text(script(statements, first))
        options = [
            "-n",
            "-M",
            "prepared",
            "-c",
            str(CONNECTIONS),
            "-j",
            "1",
            "-T",
            str(round(seconds)),
            "-D",
            "step=-1",
        ]
        said = subprocess.run(
            [program, *options, "-l", f"--log-prefix={log}", "-f", str(file), url],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        times = [int(line.split()[2]) / 1000 for part in Path(directory).glob("log.*") for line in part.open()]
    found = re.search(r"tps = ([\d.]+)", said.stdout)
    failed = re.search(r"failed transactions: (\d+)", said.stdout)
    assert found, said.stdout + said.stderr
    return _run(times, float(found[1]), int(failed[1]) if failed else 0)


def by_asyncpg(url: str, statements: Sequence[Statement], first: int, seconds: float) -> Run:
    """Return the same of asyncpg's loop; to be called in a process that does nothing else."""
    return uvloop.run(_loop(url, statements, itertools.count(first), seconds))


async def _loop(url: str, statements: Sequence[Statement], numbers: Iterator[int], seconds: float) -> Run:
    times: list[float] = []
    connections = [await connect_once(url) for _each in range(CONNECTIONS)]
    began = time.perf_counter()

    async def ask(connection: asyncpg.Connection) -> None:
        while (start := time.perf_counter()) < began + seconds:
            number = next(numbers)
            for query, arguments in statements:
                await connection.fetch(query, *(_own(argument, number) for argument in arguments))
            times.append((time.perf_counter() - start) * 1000)

    await asyncio.gather(*map(ask, connections))
    took = time.perf_counter() - began
    for connection in connections:
        await connection.close()
    return _run(times, len(times) / took, 0)


def _run(times: Sequence[float], rate: float, failed: int) -> Run:
    """Return a run of transactions that took these milliseconds."""
    cuts = statistics.quantiles(times, n=100)
    return Run(rate, cuts[49], cuts[98], len(times), failed)


def _filled(query: str, arguments: Sequence[Any]) -> str:
    """Return a statement with its arguments written into it, the person's own as expressions over :n."""
    return re.sub(r"\$(\d+)", lambda found: _literal(arguments[int(found[1]) - 1]), query.strip().rstrip(";"))


def _literal(value: object) -> str:
    """Return a value as SQL that means the same wherever a parameter stood."""
    if value is None:
        return "NULL"
    if isinstance(value, list):
        return f"ARRAY[{', '.join(map(_literal, cast('list[object]', value)))}]"
    if isinstance(value, (bytes, UUID)) and value in _OWN:
        return _OWN[value]
    if isinstance(value, bytes):
        return f"convert_to({_text(value.decode())}, 'UTF8')"
    return _text(str(value))


def _text(text: str) -> str:
    own = application_id(_RECORDED)
    parts = [_quoted(part) for part in text.split(str(own))]
    return parts[0] if len(parts) == 1 else "(" + f" || {_OWN[own]}::text || ".join(parts) + ")"


def _quoted(text: str) -> str:
    # A colon would begin a variable of pgbench, inside quotes too.
    for character, written in (("\\", "\\\\"), ("'", "''"), (":", "\\x3a"), ("\n", "\\n")):
        text = text.replace(character, written)
    return f"E'{text}'"


def _own(value: Any, number: int) -> Any:  # noqa: ANN401 - whatever a statement takes
    """Return an argument as it is for another of the crowd."""
    theirs: dict[object, object] = {
        application_id(_RECORDED): application_id(number),
        person_id(_RECORDED): person_id(number),
        cookie.digest(token("crowd", _RECORDED)): cookie.digest(token("crowd", number)),
    }
    if isinstance(value, list):
        return [_own(each, number) for each in cast("list[Any]", value)]
    if isinstance(value, (str, bytes)) and value not in theirs:
        text = value if isinstance(value, str) else value.decode()
        text = text.replace(str(application_id(_RECORDED)), str(application_id(number)))
        return text if isinstance(value, str) else text.encode()
    return theirs[value] if isinstance(value, (bytes, UUID)) and value in theirs else value
