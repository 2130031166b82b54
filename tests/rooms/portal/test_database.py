"""The pool: one transaction or none, plain values as JSON, and a database that goes away and comes back."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from i18n.refusal import Unreachable
from portal import postgres
from portal.database import Database, DatabaseUnreachable, open_database, opened
from portal.settings import DatabaseSettings
from tests.rooms.portal.embedded import backends, eventually, postmasters


@pytest.fixture
async def one(database_url: str) -> AsyncIterator[Database]:
    """Give a pool of a single connection, so that whoever comes next gets the same one, with a table of its own."""
    async with opened(DatabaseSettings(database_url=database_url, pool_size=1)) as database:
        async with database.transaction() as connection:
            await connection.execute("CREATE TEMPORARY TABLE kept (value jsonb)")
        yield database


async def test_a_transaction_keeps_all_or_nothing(one: Database) -> None:
    async with one.transaction() as connection:
        await connection.execute("INSERT INTO kept VALUES ('1')")
    with pytest.raises(KeyError):
        await _write_and_fail(one)
    assert await _count(one) == 1


async def test_json_is_plain_values(one: Database) -> None:
    value = {"name": "Milica Jovanović", "ages": [7, None, 1.5], "deep": {"ë": True}, "big": 2**60}
    async with one.transaction() as connection:
        await connection.execute("INSERT INTO kept VALUES ($1)", value)
        assert await connection.fetchval("SELECT value FROM kept") == value
        assert await connection.fetchval("SELECT value->'deep'->>'ë' FROM kept") == "true"


async def test_what_one_left_open_does_not_reach_the_next(one: Database) -> None:
    async with one.connect() as connection:
        await connection.execute("BEGIN; SET LOCAL work_mem = '1234kB'")
    async with one.connect() as connection:
        assert not connection.is_in_transaction()
        assert await connection.fetchval("SHOW work_mem") != "1234kB"


async def test_a_release_costs_no_round_trip(one: Database) -> None:
    asked: list[str] = []
    async with one.connect() as connection:
        connection.add_query_logger(lambda record: asked.append(record.query))
        await connection.fetchval("SELECT 1")
    async with one.connect() as connection:
        await connection.fetchval("SELECT 2")
    assert asked == ["SELECT 1", "SELECT 2"]


async def test_it_works_behind_an_old_pgbouncer(database_url: str) -> None:
    settings = DatabaseSettings(database_url=database_url, statement_cache_size=0, pool_size=1)
    async with opened(settings) as database, database.connect() as connection:
        for number in range(3):
            assert await connection.fetchval("SELECT $1::int", number) == number
        assert await connection.fetchval("SELECT count(*) FROM pg_prepared_statements") == 0


async def test_a_killed_connection_is_a_refusal_and_the_next_one_works(one: Database, database_url: str) -> None:
    with pytest.raises(Unreachable):
        await _be_terminated(one, database_url)
    async with one.connect() as connection:
        assert await connection.fetchval("SELECT 1") == 1


async def test_a_fault_of_ours_is_not_called_an_outage(one: Database) -> None:
    with pytest.raises(asyncpg.UndefinedTableError):
        async with one.connect() as connection:
            await connection.fetchval("SELECT 1 FROM nowhere")
    with pytest.raises(FileNotFoundError):
        async with one.connect():
            await asyncio.to_thread(Path("/nowhere").read_text)


async def test_a_full_pool_is_a_refusal_and_not_a_wait_for_ever(one: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.database._CONNECT_SECONDS", 0.1)
    with pytest.raises(Unreachable):
        async with one.connect(), one.connect():
            pass


async def test_a_database_that_is_not_there_is_one_sentence() -> None:
    with pytest.raises(DatabaseUnreachable) as told:
        await open_database(DatabaseSettings(database_url="postgresql://portal:hidden@127.0.0.1:1/portal"))
    assert "DATABASE_URL" in str(told.value)
    assert "hidden" not in str(told.value)


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[postgres.Server]:
    directory = tmp_path_factory.mktemp("pg") / "postgres"
    with postgres.running(directory) as server:
        yield server


async def test_people_do_not_notice_that_postgresql_was_killed(server: postgres.Server) -> None:
    async with opened(DatabaseSettings(database_url=server.url())) as database:
        for _ in range(3):
            async with database.connect() as connection:
                assert await connection.fetchval("SELECT 1") == 1
            killed = [*postmasters(server.place.directory), *backends(server.place.directory)]
            for process in postmasters(server.place.directory):
                process.kill()
            await asyncio.to_thread(eventually, lambda gone=killed: not any(one.is_running() for one in gone))
            began = time.monotonic()
            async with database.connect() as connection:
                assert await connection.fetchval("SELECT 2") == 2
            assert time.monotonic() - began < 10


async def _write_and_fail(database: Database) -> None:
    async with database.transaction() as connection:
        await connection.execute("INSERT INTO kept VALUES ('2')")
        raise KeyError


async def _be_terminated(database: Database, url: str) -> None:
    async with database.connect() as connection:
        pid = await connection.fetchval("SELECT pg_backend_pid()")
        stranger = await asyncpg.connect(url)
        await stranger.execute("SELECT pg_terminate_backend($1)", pid)
        await stranger.close()
        await connection.fetchval("SELECT pg_sleep(5)")


async def _count(database: Database) -> int:
    async with database.connect() as connection:
        return await connection.fetchval("SELECT count(*) FROM kept")
