"""Seeding fills the registers once, goes on where it was stopped, and keeps what is there."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from datetime import date, timedelta

import asyncpg
import pytest

from services.registers.sandbox import seeding, store
from services.registers.sandbox.register.civil_status.generator import PERSON, person_row
from services.registers.sandbox.register.vehicles.generator import VEHICLE, vehicle_row
from services.registers.sandbox.registry import registers
from services.registers.sandbox.seeding import seed
from tests.unit.registers.people import population

from .asking import MILICA
from .conftest import clean_environment, command, settings_for

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


TABLES = [table.name for register in registers().values() for table in register.tables] + ["gap"]


async def everything(connection: asyncpg.Connection) -> dict[str, str]:
    """Return what stands in each table that seeding fills, in short."""
    digest = "SELECT md5(coalesce(string_agg(row::text, E'\\n' ORDER BY row::text), '')) FROM {} AS row"
    return {table: await connection.fetchval(digest.format(table)) for table in TABLES}


async def test_every_register_holds_the_same_from_the_same_seed(empty: asyncpg.Connection) -> None:
    await seed(empty, 700, DAY)
    first = await everything(empty)
    assert len(set(first.values())) == len(TABLES)
    await empty.execute("DROP SCHEMA registers CASCADE")
    await store.migrate(empty)
    await seed(empty, 700, DAY)
    assert await everything(empty) == first


def test_a_seeding_that_was_killed_at_once_goes_on_to_the_same(new_database: Callable[[], str]) -> None:
    killed, whole = new_database(), new_database()
    arguments = [sys.executable, "-m", "services.registers.sandbox", "seed", "--people", "6000"]
    environment = clean_environment() | settings_for(killed)
    with subprocess.Popen(arguments, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as seeding:
        asyncio.run(until_begun(killed))
        seeding.kill()
    for url in (killed, whole):
        ended = command("seed", "--people", "6000", **settings_for(url))
        assert ended.returncode == 0, ended.stderr
    assert asyncio.run(held_at(killed)) == asyncio.run(held_at(whole))


async def until_begun(url: str) -> None:
    """Return once the first people live in the registers, and not the last ones."""
    connection = await asyncpg.connect(url)
    try:
        async with asyncio.timeout(20):
            while not await living(connection):  # noqa: ASYNC110 - another process tells nobody
                await asyncio.sleep(0.005)
        assert await living(connection) < 6000
    finally:
        await connection.close()


async def living(connection: asyncpg.Connection) -> int:
    try:
        return await connection.fetchval("SELECT living FROM registers.seeding") or 0
    except asyncpg.UndefinedTableError:
        return 0


async def held_at(url: str) -> dict[str, str]:
    connection = await asyncpg.connect(url, server_settings={"search_path": "registers"})
    try:
        return await everything(connection)
    finally:
        await connection.close()


async def test_people_of_an_older_make_are_replaced_and_who_asked_about_them_is_not_forgotten(
    empty: asyncpg.Connection,
) -> None:
    await seed(empty, 100, DAY)
    await empty.execute("UPDATE seeding SET make = make - 1")
    await empty.execute(
        "INSERT INTO tax_access (message_id, client, user_id, service, subject, known, at)"
        " VALUES (gen_random_uuid(), 'c', 'u', 's', '1133902755', true, now())"
    )
    await store.migrate(empty)
    assert await empty.fetchval("SELECT count(*) FROM person") == 0
    assert await empty.fetchval("SELECT count(*) FROM tax_access") == 1
    assert await seed(empty, 100, DAY) >= 100


async def test_a_database_of_the_first_make_becomes_one_of_today(empty_database_url: str) -> None:
    connection = await asyncpg.connect(empty_database_url)
    try:
        await connection.execute(
            "CREATE SCHEMA registers; SET search_path = registers;"
            "CREATE TABLE person (personal_number text PRIMARY KEY);"
            "CREATE TABLE residence (personal_number text PRIMARY KEY REFERENCES person (personal_number));"
            "CREATE TABLE seeding (one boolean PRIMARY KEY DEFAULT true, day date NOT NULL, next_kin integer NOT NULL,"
            " living integer NOT NULL);"
            "INSERT INTO person VALUES ('1133902755'); INSERT INTO seeding VALUES (true, '2026-11-01', 1, 1)"
        )
        await store.migrate(connection)
        assert await seed(connection, 100, DAY) >= 100
        assert await connection.fetchval("SELECT family_name FROM person WHERE personal_number = $1", BESNIK) == "Gashi"
    finally:
        await connection.close()


async def test_a_year_later_milicas_card_still_runs_out_within_sixty_days(empty: asyncpg.Connection) -> None:
    await seed(empty, 100, DAY)
    later = date(2027, 12, 1)
    await seed(empty, 100, later)
    until = await empty.fetchval("SELECT max(valid_until) FROM identity_document WHERE personal_number = $1", MILICA)
    assert timedelta() < until - later < timedelta(days=60)
