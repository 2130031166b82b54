"""Whether pages stay as fast however much was read: `python -m tests.bench.record [--reads N]`.

The record of who looked is filled with ten thousand reads, and with ten times as many again and again up to N, each
record in a database of its own with a portal of its own. *Who looked at my data* and one register of *My data*, which
is read and recorded while one waits, are then asked for from each portal in turn, so that whatever else the machine
does hits all of them. Those who ask have a hundred reads each, spread over the whole record, as years would do.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from eid.person import Identity, Person
from portal import cookie, postgres
from portal.assets import BUILT, build
from portal.database import Connection, connect_once
from portal.demo.plan import Plan
from portal.migrate import migrate
from portal.pages.my_data import PURPOSE
from portal.store import open_session
from services.registers.store import words
from tests import parties
from tests.bench import load, rate, registry
from tests.bench.load import Request, Run
from tests.bench.people import in_use, token
from tests.bench.rate import Rate
from tests.bench.stage import COOKIE

SMALLEST, LARGEST = 10_000, 1_000_000
READERS, OF_EACH = 50, 100
_SECONDS, _ROUNDS = 2.0, 4
_FLAT = 2 / 3  # of the pace with ten thousand reads is the least that will do
_CHUNK = 500_000
_FASTER = (
    "-c",
    "max_wal_size=8GB",
    "-c",
    "maintenance_work_mem=512MB",
)  # filling only; all that keeps commits safe is on
_PAGES = {"who looked": "/sq/data", "a register of my data": "/sq/my-data/addresses"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table, and return 1 when a page is slower in the largest record."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.record")
    parser.add_argument("--reads", type=int, default=LARGEST, help=f"of the largest record ({LARGEST})")
    told = parser.parse_args(arguments)
    before = os.getloadavg()[0]
    rates = measure(told.reads)
    sys.stdout.write(
        f"{rate.table(rates)}\n\nload before {before:.1f}, after {os.getloadavg()[0]:.1f}; by {load.tool()}\n"
    )
    short = [sentence for one in rates for sentence in one.wanting]
    sys.stdout.write("\n".join(f"falls short: {sentence}" for sentence in short) + "\n" * bool(short))
    return 1 if short else 0


def measure(largest: int = LARGEST) -> list[Rate]:
    """Return each page's rate in each record; those after the first have to keep pace with it."""
    build.ensure(BUILT)
    directory = Path(tempfile.mkdtemp(prefix="record-"))
    try:
        with ExitStack() as leaving:
            server = leaving.enter_context(postgres.running(directory / "postgres", options=_FASTER))
            plan = leaving.enter_context(registry.raised(server, directory))
            portals = {size: _portal(plan, server, size, leaving) for size in sizes(largest)}
            return [one for name, path in _PAGES.items() for one in _page(name, path, portals)]
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def sizes(largest: int) -> list[int]:
    """Return ten thousand, and ten times as many again and again, up to the largest."""
    found = [SMALLEST]
    while found[-1] * 10 <= largest:
        found.append(found[-1] * 10)
    return found if found[-1] == largest else [*found, largest]


def _page(name: str, path: str, portals: dict[int, parties.Running]) -> list[Rate]:
    requests = [Request("GET", path, {"Cookie": f"{COOKIE}={token('reader', each)}"}) for each in range(READERS)]
    rounds = [{size: load.run(one, requests, _SECONDS) for size, one in portals.items()} for _ in range(_ROUNDS + 1)]
    runs = {size: [each[size] for each in rounds[1:]] for size in portals}
    first = statistics.median(run.rate for run in runs[SMALLEST])
    return [_rate(f"{name}, of {size:,} reads", runs[size], None if size == SMALLEST else first) for size in portals]


def _rate(name: str, runs: Sequence[Run], first: float | None) -> Rate:
    assert not any(run.failed for run in runs), f"{name}: requests failed"
    return Rate(
        name,
        statistics.median(run.rate for run in runs),
        statistics.median(run.p50 for run in runs),
        statistics.median(run.p99 for run in runs),
        aim=None if first is None else first * _FLAT,
    )


def _portal(plan: Plan, server: postgres.Server, size: int, leaving: ExitStack) -> parties.Running:
    """Return a portal of its own on a record of this size."""
    url = server.url(f"record_{size}")
    asyncio.run(_fill(server.url(), url, size, asyncio.run(registry.people(plan, READERS))))
    own = parties.demo_settings(plan.directory, portal_assets=BUILT)
    party = next(each for each in Plan(own, {**plan.databases, "portal": url}).parties() if each.name == "portal")
    told = {**party.environment, "PORTAL_REGISTERS_URL": plan.address("registers")}
    running = parties.start_party(replace(party, environment=told), plan.directory / f"portal-{size}.log")
    leaving.callback(running.stop)
    return running


async def _fill(maintenance: str, url: str, size: int, readers: Sequence[str]) -> None:
    connection = await connect_once(maintenance)
    await connection.execute(f"CREATE DATABASE {url.rpartition('/')[2].partition('?')[0]}")
    await connection.close()
    await migrate(url)
    connection = await connect_once(url)
    for number, personal_number in enumerate(readers):
        await _signed_in(connection, number, personal_number)
    indexes = await _without_indexes(connection)
    now = int(datetime.now(UTC).timestamp() * 1000)
    for first in range(0, size, _CHUNK):
        last = min(first + _CHUNK, size)
        every = size // (READERS * OF_EACH)
        await connection.execute(_READS, first, last, size, now, list(readers), every, words(PURPOSE))
    for index in indexes:
        await connection.execute(index)
    await connection.execute("VACUUM ANALYZE fact_read")
    await connection.execute("CHECKPOINT")
    await connection.close()


async def _signed_in(connection: Connection, number: int, personal_number: str) -> None:
    now = datetime.now(UTC)
    person = Person(personal_number, "Arta", "Krasniqi", date(1990, 5, 14), None, "sq")
    identity = Identity("https://eid.example.org", f"reader-{number}", person, "substantial", now, None, "e" * 900)
    hashed = cookie.digest(token("reader", number))
    await open_session(connection, hashed, identity, typed=None, language="sq", now=in_use(now))


async def _without_indexes(connection: Connection) -> list[str]:
    """Drop the record's indexes but that of the ids, and return what makes them anew: row by row it takes longer."""
    unique = await connection.fetchval(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'a_message_is_recorded_once'"
    )
    await connection.execute("ALTER TABLE fact_read DROP CONSTRAINT a_message_is_recorded_once")
    found = await connection.fetch(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'fact_read' AND indexname <> 'fact_read_pkey'"
    )
    for row in found:
        await connection.execute(f"DROP INDEX {row['indexname']}")
    return [
        f"ALTER TABLE fact_read ADD CONSTRAINT a_message_is_recorded_once {unique}",
        *(row["indexdef"] for row in found),
    ]


# Reads $1 up to $2 of $3: a millisecond apart until $4, over three years of days, about people of some fifty reads
# each; every $6th is about one of the readers $5. $7: why it was read.
_READS = """
    INSERT INTO fact_read (
        id, subject, reader_kind, reader_id, register, fact, purpose, legal_basis, application_id, channel, message_id,
        at, outcome, by_subject, day, shown_from, position, proof, hash, mark
    )
    SELECT (substr(ms, 1, 8) || '-' || substr(ms, 9, 4) || '-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
        CASE WHEN n % $6::int = 0 THEN ($5::text[])[1 + n / $6::int % cardinality($5::text[])]
             ELSE lpad((2000000000 + n * 7919 % (1 + $3::bigint / 50))::text, 10, '0') END,
        'citizen', gen_random_uuid(), 'civil-status', 'person', purpose, purpose, gen_random_uuid(), 'portal',
        gen_random_uuid(), at, 'ok', false, at::date, at::date, n + 1, hash, hash, hash
    FROM (
        SELECT n, lpad(to_hex($4::bigint - ($3::bigint - n)), 12, '0') AS ms, sha256(n::text::bytea) AS hash,
            now() - make_interval(days => (($3::bigint - n) * 1000 / $3::bigint)::int) AS at,
            $7::text::jsonb AS purpose
        FROM generate_series($1::bigint, $2::bigint - 1) AS n
    ) AS read
"""


if __name__ == "__main__":
    sys.exit(main())
