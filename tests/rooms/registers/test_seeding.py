"""Seeding fills the registers once, goes on where it was stopped, and keeps what is there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta

import asyncpg
import pytest

from services.registers.sandbox import seeding, store
from services.registers.sandbox.register.civil_status.generator import PERSON, person_row
from services.registers.sandbox.register.vehicles.generator import VEHICLE, vehicle_row
from services.registers.sandbox.seeding import seed
from tests.unit.registers.people import population

DAY = date(2026, 11, 23)
BESNIK = "1133902755"


@pytest.fixture
async def empty(empty_database_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(empty_database_url, server_settings={"search_path": "registers"})
    await store.migrate(connection)
    await store.migrate(connection)
    yield connection
    await connection.close()


async def held(connection: asyncpg.Connection, table: str, columns: tuple[str, ...]) -> list[tuple[object, ...]]:
    rows = await connection.fetch(f"SELECT {', '.join(columns)} FROM {table} ORDER BY 1")  # noqa: S608 - ours
    return [tuple(row) for row in rows]


async def test_the_registers_hold_the_population_and_nothing_else(empty: asyncpg.Connection) -> None:
    living = await seed(empty, 400, DAY)
    kins = population(400, DAY)
    assert living == sum(kin.living for kin in kins)
    people = sorted((person_row(one) for kin in kins for one in kin.people), key=lambda row: str(row[0]))
    vehicles = sorted((vehicle_row(one) for kin in kins for one in kin.vehicles), key=lambda row: str(row[0]))
    assert await held(empty, "person", PERSON) == people
    assert await held(empty, "vehicle", VEHICLE) == vehicles


async def test_a_second_run_keeps_what_is_there(empty: asyncpg.Connection) -> None:
    living = await seed(empty, 200, DAY)
    before = await held(empty, "person", PERSON)
    await empty.execute("UPDATE person SET marital_status = 'divorced' WHERE personal_number = $1", BESNIK)
    assert await seed(empty, 200, DAY) == living
    after = await held(empty, "person", PERSON)
    assert len(after) == len(before)
    assert await empty.fetchval("SELECT marital_status FROM person WHERE personal_number = $1", BESNIK) == "divorced"


async def test_a_run_that_was_stopped_goes_on_to_the_same_population(
    empty: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seeding, "_BATCH", 60)
    batches = 0

    def stop(_living: int) -> None:
        nonlocal batches
        batches += 1
        if batches == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await seed(empty, 400, DAY, stop)
    assert 100 < await empty.fetchval("SELECT living FROM seeding") < 400
    await seed(empty, 400, DAY + timedelta(days=3))
    people = sorted(
        (person_row(one) for kin in population(400, DAY) for one in kin.people), key=lambda row: str(row[0])
    )
    assert await held(empty, "person", PERSON) == people


async def test_a_year_later_besniks_inspections_still_show_what_they_shall(empty: asyncpg.Connection) -> None:
    await seed(empty, 100, DAY)
    later = date(2027, 12, 1)
    await seed(empty, 100, later)
    rows = await empty.fetch("SELECT inspection_valid_until < $2 FROM vehicle WHERE owner = $1", BESNIK, later)
    assert sorted(row[0] for row in rows) == [False, True]
