"""Whether lists stay as fast however many applications there are: `python -m tests.bench.rates.casework [N]`.

Two databases are filled with a crowd, one with ten thousand applications, one with N, each with a portal of its own.
People with a hundred applications and the officers of the desk with most to do ask each portal in turn for pages that
are full in both; what a filter finds and what is counted is asked of each database itself, since a page of few lines is
rendered faster than a full one. Whatever else the machine does hits both. No p99 may be more than 1.5 times the first.
"""

from __future__ import annotations

import asyncio
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from eid.person import Identity, Person
from portal import cookie, postgres
from portal.assets import BUILT, build
from portal.database import Connection, connect_once
from portal.demo.crowd import filling
from portal.demo.crowd.people import Officer, Someone, citizen, officers
from portal.demo.plan import DATABASES, Plan
from portal.migrate import migrate
from portal.pages.office import PAGE
from portal.store import open_session
from services.applications import casework
from services.applications.application import State
from services.applications.queue import store as queue
from services.applications.queue.wanted import Wanted
from services.catalogue.load import catalogue
from tests import parties
from tests.bench import load, rate
from tests.bench.load import Request, Run
from tests.bench.people import in_use, token
from tests.bench.rate import Rate
from tests.bench.stage import COOKIE

SMALLEST, LARGEST = 10_000, 200_000
DESK, SERVICE = "mfpt", "tax-attestation"
READERS = SMALLEST // filling.BATCH
_SECONDS, _ROUNDS, _ASKED = 2.0, 4, 300
_SLOWER = 1.5  # times the p99 with ten thousand is the most that will do
_LINES = 5  # of a filtered queue, so many as every filter finds in the smallest
_FASTER = ("-c", "max_wal_size=8GB")  # filling only; all that keeps commits safe is on
Asked = Callable[[Connection], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Filled:
    """A database with its crowd and its portal, and where the late pages of its lists are."""

    url: str
    portal: parties.Running
    late_own: list[str]
    late_queue: str


def measure(largest: int = LARGEST) -> list[Rate]:
    """Return each list's rate with ten thousand applications and with most."""
    build.ensure(BUILT)
    directory = Path(tempfile.mkdtemp(prefix="casework-"))
    try:
        with ExitStack() as leaving:
            server = leaving.enter_context(postgres.running(directory / "postgres", options=_FASTER))
            filled = {size: _filled(server, directory, size, leaving) for size in (SMALLEST, largest)}
            return [*_pages(filled), *asyncio.run(_asked(filled))]
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _pages(filled: Mapping[int, Filled]) -> list[Rate]:
    own, office = "/sq/applications", "/sq/office"
    pages: dict[str, Callable[[Filled], list[Request]]] = {
        "my applications": lambda _one: _each("reader", [own] * READERS),
        "a late page of them": lambda one: _each("reader", one.late_own),
        "an office's queue, counted": lambda _one: _each("officer", [office] * 3),
        "a late page of it": lambda one: _each("officer", [one.late_queue] * 3),
    }
    found: list[Rate] = []
    for name, requests in pages.items():
        rounds = [
            {size: load.run(one.portal, requests(one), _SECONDS) for size, one in filled.items()}
            for _each_round in range(_ROUNDS + 1)
        ][1:]
        assert not any(run.failed for each in rounds for run in each.values()), f"{name}: requests failed"
        found += _compared(name, {size: _median(name, [each[size] for each in rounds]) for size in filled})
    return found


def _median(name: str, runs: Sequence[Run]) -> Rate:
    return Rate(
        name,
        statistics.median(run.rate for run in runs),
        statistics.median(run.p50 for run in runs),
        statistics.median(run.p99 for run in runs),
    )


async def _asked(filled: Mapping[int, Filled]) -> list[Rate]:
    officer = _officers()[0]
    wanted = partial(Wanted, desks=(DESK,), member_id=officer.someone.id, today=datetime.now(UTC).date())
    asked: dict[str, Asked] = {
        "its counts": lambda on: queue.figures(on, wanted()),
        "its services": lambda on: queue.services(on, [DESK]),
        "of it, mine": lambda on: queue.page(on, wanted(whose="mine"), _LINES),
        "of it, nobody's": lambda on: queue.page(on, wanted(whose="free"), _LINES),
        "of it, overdue": lambda on: queue.page(on, wanted(whose="overdue"), _LINES),
        "of it, appealed": lambda on: queue.page(on, wanted(state=State.APPEALED), _LINES),
        "of it, one service": lambda on: queue.page(on, wanted(service_id=SERVICE), _LINES),
    }
    connections = {size: await connect_once(one.url) for size, one in filled.items()}
    found = [each for name, act in asked.items() for each in _compared(name, await _timed(name, act, connections))]
    for connection in connections.values():
        await connection.close()
    return found


async def _timed(name: str, act: Asked, connections: Mapping[int, Connection]) -> dict[int, Rate]:
    times: dict[int, list[float]] = {size: [] for size in connections}
    for turn in range(_ASKED * _ROUNDS + 50):
        for size, connection in connections.items():
            began = time.perf_counter()
            await act(connection)
            if turn >= 50:  # what goes before warms up
                times[size].append(time.perf_counter() - began)
    return {size: rate.of(name, each, sum(each)) for size, each in times.items()}


def _compared(name: str, rates: Mapping[int, Rate]) -> list[Rate]:
    """Return the rates with their sizes, all after the first with the p99 that they may have."""
    first = rates[SMALLEST].p99 * _SLOWER
    return [
        Rate(
            f"{name}, of {size:,} applications",
            one.per_second,
            one.p50,
            one.p99,
            longest_p99=None if size == SMALLEST else first,
        )
        for size, one in rates.items()
    ]


def _filled(server: postgres.Server, directory: Path, size: int, leaving: ExitStack) -> Filled:
    url = server.url(f"casework_{size}")
    late_own, late_queue = asyncio.run(_fill(server.url(), url, size))
    settings = parties.demo_settings(directory / f"parties-{size}", portal_assets=BUILT)
    plan = Plan(settings, dict.fromkeys(DATABASES, url))
    party = next(each for each in plan.parties() if each.name == "portal")
    running = parties.start_party(party, directory / f"portal-{size}.log")
    leaving.callback(running.stop)
    return Filled(url, running, late_own, late_queue)


async def _fill(maintenance: str, url: str, size: int) -> tuple[list[str], str]:
    connection = await connect_once(maintenance)
    await connection.execute(f"CREATE DATABASE {url.rpartition('/')[2].partition('?')[0]}")
    await connection.close()
    await migrate(url)
    await filling.fill(url, size, datetime.now(UTC), lambda _done: None)
    connection = await connect_once(url)
    for name, people in (("reader", _readers()), ("officer", [each.someone for each in _officers()])):
        for number, someone in enumerate(people):
            await _signed_in(connection, name, number, someone)
    await connection.execute("VACUUM ANALYZE")
    await connection.execute("CHECKPOINT")
    late = [await _late_own(connection, someone) for someone in _readers()], await _late_queue(connection)
    await connection.close()
    return late


async def _late_own(connection: Connection, someone: Someone) -> str:
    """Return the address of somebody's last full page."""
    own = await casework.mine(connection, someone.id, None, filling.MANY)
    return f"/sq/applications?after={own[-21].id}"


async def _late_queue(connection: Connection) -> str:
    """Return the address of the last full page of the desk's queue."""
    wanted = Wanted(desks=(DESK,), member_id=_officers()[0].someone.id, today=datetime.now(UTC).date())
    lines = await queue.page(connection, wanted, 10**6)
    last = lines[-PAGE - 1]
    return f"/sq/office?after={last.due_on}_{last.id}"


def _readers() -> list[Someone]:
    """Return those who have a hundred applications each."""
    return [citizen(batch * filling.PEOPLE) for batch in range(READERS)]


def _officers() -> list[Officer]:
    return [each for each in officers(catalogue().all()) if each.post.desk == DESK]


async def _signed_in(connection: Connection, name: str, number: int, someone: Someone) -> None:
    now = datetime.now(UTC)
    person = Person(
        someone.personal_number, someone.given_name, someone.family_name, someone.birthdate, None, someone.language
    )
    identity = Identity("http://localhost", f"{name}-{number}", person, "high", now, None, "e" * 900)
    hashed = cookie.digest(token(name, number))
    await open_session(connection, hashed, identity, typed=None, language="sq", now=in_use(now))


def _each(name: str, paths: Sequence[str]) -> list[Request]:
    return [Request("GET", path, {"Cookie": f"{COOKIE}={token(name, at)}"}) for at, path in enumerate(paths)]


def main() -> int:
    """Measure, print the table, and return 1 when a list is slower where there is more."""
    rates = measure(int(sys.argv[1]) if len(sys.argv) > 1 else LARGEST)
    short = [sentence for one in rates for sentence in one.wanting]
    sys.stdout.write("\n".join([rate.table(rates), *(f"falls short: {each}" for each in short), ""]))
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
