"""The round in which the worker reads what registers tell, killed in the middle."""

from __future__ import annotations

import asyncio
import sys

import pytest

from portal.database import Database
from portal.demo.plan import Plan
from tests.rooms.portal.offering import Registers
from tests.rooms.portal.visitor import EMINE
from tests.rooms.portal.workers import value


@pytest.fixture
async def registers(town: Plan, memory: Database) -> Registers:
    """Give the registers, all that they have told so far read."""
    registers = Registers(town, memory)
    await registers.read()
    return registers


_ROUND = """
import asyncio
from datetime import UTC, datetime
from portal import rounds
from portal.database import opened
from portal.parties import Parties
from portal.settings import Settings, load
from services.registers.seal import AuditKey

async def go():
    told = load(Settings)
    async with opened(told) as database, Parties(told) as parties:
        await rounds.read_events(database, parties, AuditKey(told.audit_key), datetime.now(UTC))

asyncio.run(go())
"""


_WAITS = "SELECT true FROM pg_locks WHERE NOT granted AND relation = 'offer'::regclass"


async def test_a_round_that_is_killed_in_the_middle_has_done_nothing_and_the_next_does_all_once(
    registers: Registers, town: Plan, memory: Database
) -> None:
    await registers.tell("sixty_five", "civil-status", EMINE, {"birthdate": "1961-11-02"})
    reads = "SELECT count(*) FROM fact_read WHERE subject = $1 AND channel = 'worker'"
    made = "SELECT count(*) FROM offer WHERE personal_number = $1 AND kind = 'sixty_five'"
    until = "SELECT read_until FROM register_feed"
    before = await value(memory, reads, EMINE), await value(memory, made, EMINE), await value(memory, until)
    async with memory.transaction() as connection:
        await connection.execute("LOCK TABLE offer IN EXCLUSIVE MODE")
        environment = dict(town.environment("portal"))
        round_ = await asyncio.create_subprocess_exec(sys.executable, "-c", _ROUND, env=environment)
        # When it waits for that, the read is recorded and the feed gone on with.
        while not await connection.fetchval(_WAITS):
            assert round_.returncode is None
            await asyncio.sleep(0.05)
        round_.kill()
        await round_.wait()
    assert before == (await value(memory, reads, EMINE), await value(memory, made, EMINE), await value(memory, until))
    await asyncio.gather(*(registers.read() for _ in range(3)))
    assert await value(memory, reads, EMINE) == before[0] + 1
    assert await value(memory, made, EMINE) == before[1] + 1
    assert await value(memory, until) == before[2] + 1
