"""Measures how long the invented population takes: `python -m tests.bench.seeding [--people N] [--full]`.

Seeds a PostgreSQL of its own, as it comes, with all that makes a commit safe. Without `--full` it seeds some and says
what a country of 1.8 million would take if the rest went as the last half did; with it, it seeds them all.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import asyncpg

from portal import postgres
from services.registers.sandbox import store
from services.registers.sandbox.seeding import seed

COUNTRY = 1_800_000
SOME = 100_000
LONGEST = 600.0  # seconds for the country
Point = tuple[float, int]  # so many seconds after the beginning, so many people


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, say it, and return 1 when the country takes longer than ten minutes."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.seeding")
    parser.add_argument("--people", type=int, default=SOME, help=f"how many to seed ({SOME})")
    parser.add_argument("--full", action="store_true", help=f"seed all {COUNTRY}")
    told = parser.parse_args(arguments)
    people = COUNTRY if told.full else told.people
    directory = Path(tempfile.mkdtemp(prefix="seeding-"))
    try:
        with postgres.running(directory) as server:
            points, size = asyncio.run(_seeded(server, people))
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    took, living = points[-1]
    country = whole(points, COUNTRY)
    sys.stdout.write(
        f"{living} people in {took:.1f} s, {living / took:.0f} a second, {size / 1e9:.2f} GB; "
        f"{'measured' if told.full else 'extrapolated'}: {COUNTRY} in {country:.0f} s, at most {LONGEST:.0f} s\n"
    )
    return 0 if country <= LONGEST else 1


def whole(points: Sequence[Point], people: int) -> float:
    """Return the seconds for so many people, the rest at the pace of the last half of what was measured."""
    took, living = points[-1]
    half_took, half = min(points, key=lambda point: abs(point[1] - living / 2))
    pace = (took - half_took) / (living - half) if living > half else took / living
    return took + max(0, people - living) * pace


async def _seeded(server: postgres.Server, people: int) -> tuple[list[Point], int]:
    """Return what was reached when, and the database's size in bytes."""
    url = await postgres.own_database(server, "registers")
    connection = await asyncpg.connect(url, server_settings={"search_path": "registers"})
    points: list[Point] = []
    try:
        await store.migrate(connection)
        begun = time.monotonic()
        day = datetime.now(UTC).date()
        await seed(connection, people, day, lambda living: points.append((time.monotonic() - begun, living)))
        return points, await connection.fetchval("SELECT pg_database_size(current_database())")
    finally:
        await connection.close()


if __name__ == "__main__":
    sys.exit(main())
