"""The registers as a measurement asks them: the stand-in with its people on a PostgreSQL that keeps commits safe."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

import asyncpg

from portal.assets import BUILT
from portal.demo.plan import DATABASES, Plan
from portal.postgres import Server
from tests import parties

PEOPLE = 2000
# Whom every register knows and knows once.
_ORDINARY = """
    SELECT personal_number FROM registers.person
    WHERE died_on IS NULL AND birthdate < current_date - interval '20 years'
      AND personal_number NOT IN (SELECT personal_number FROM registers.gap)
      AND (SELECT count(*) FROM registers.residence r WHERE r.personal_number = person.personal_number) = 1
      AND (SELECT count(*) FROM registers.insured i WHERE i.personal_number = person.personal_number) < 2
      AND (SELECT count(*) FROM registers.enrolment e WHERE e.personal_number = person.personal_number) < 2
    ORDER BY personal_number LIMIT $1
"""


@contextmanager
def raised(server: Server, directory: Path) -> Generator[Plan]:
    """Yield the plan, kept in `directory`, while the registers serve on a database made anew."""
    url = server.url("bench_registers")
    plan = Plan(parties.demo_settings(directory / "parties", portal_assets=BUILT), dict.fromkeys(DATABASES, url))
    asyncio.run(_anew(server.url()))
    seeding = plan.commands("registers", ("migrate",), ("seed", "--people", str(PEOPLE)))
    subprocess.run(seeding.command, env=dict(seeding.environment), check=True, capture_output=True)
    party = next(party for party in plan.parties() if party.name == "registers")
    running = parties.start_party(party, directory / "registers.log")
    try:
        yield plan
    finally:
        running.stop()


async def people(plan: Plan, count: int) -> Sequence[str]:
    """Return the numbers of so many grown people about whom every register answers."""
    connection = await asyncpg.connect(plan.databases["registers"])
    try:
        return [row[0] for row in await connection.fetch(_ORDINARY, count)]
    finally:
        await connection.close()


async def _anew(maintenance: str) -> None:
    connection = await asyncpg.connect(maintenance)
    await connection.execute("DROP DATABASE IF EXISTS bench_registers WITH (FORCE)")
    await connection.execute("CREATE DATABASE bench_registers")
    await connection.close()
