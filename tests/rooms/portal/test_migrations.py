"""The database grows by files that run once, in order, and never change afterwards."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import asyncpg
import pytest
from pgqueuer.db import AsyncpgDriver
from pgqueuer.queries import Queries

from portal import schema
from portal.database import DatabaseUnreachable
from portal.migrate import MIGRATIONS, CannotMigrate, migrate, refuse_outdated


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "0001_people.sql").write_text("CREATE TABLE people (id integer PRIMARY KEY);")
    (tmp_path / "0002_pets.sql").write_text("CREATE TABLE pets (id integer PRIMARY KEY);")
    return tmp_path


async def test_a_second_run_has_nothing_to_do(empty_database_url: str, files: Path) -> None:
    assert await migrate(empty_database_url, files) == ["work queue", "0001_people.sql", "0002_pets.sql"]
    assert await migrate(empty_database_url, files) == []


async def test_eight_at_once_apply_each_file_once(empty_database_url: str, files: Path) -> None:
    (files / "0003_once.sql").write_text("CREATE TABLE once (); SELECT pg_sleep(0.2);")
    applied = await asyncio.gather(*(migrate(empty_database_url, files) for _ in range(8)))
    assert sorted(name for each in applied for name in each) == [
        "0001_people.sql",
        "0002_pets.sql",
        "0003_once.sql",
        "work queue",
    ]


async def test_a_changed_file_is_refused(empty_database_url: str, files: Path) -> None:
    await migrate(empty_database_url, files)
    (files / "0001_people.sql").write_text("CREATE TABLE people (id bigint PRIMARY KEY);")
    with pytest.raises(CannotMigrate, match=r"^0001_people.sql ran on this database and was changed since"):
        await migrate(empty_database_url, files)


async def test_a_missing_file_is_refused(empty_database_url: str, files: Path) -> None:
    await migrate(empty_database_url, files)
    (files / "0001_people.sql").unlink()
    with pytest.raises(CannotMigrate, match=r"^0001_people.sql ran on this database and is not here"):
        await migrate(empty_database_url, files)


async def test_a_file_that_comes_late_is_refused(empty_database_url: str, files: Path) -> None:
    shutil.move(files / "0001_people.sql", files / "0003_people.sql")
    await migrate(empty_database_url, files)
    (files / "0001_houses.sql").write_text("SELECT 1;")
    with pytest.raises(CannotMigrate, match="give it a higher number"):
        await migrate(empty_database_url, files)


async def test_a_file_that_fails_leaves_nothing_and_what_came_before_stays(
    empty_database_url: str, files: Path
) -> None:
    (files / "0003_broken.sql").write_text("CREATE TABLE half (id integer); SELECT nonsense;")
    with pytest.raises(CannotMigrate, match=r"^0003_broken.sql failed and changed nothing: column \"nonsense\""):
        await migrate(empty_database_url, files)
    assert await _tables(empty_database_url, "half", "pets") == {"pets"}
    (files / "0003_broken.sql").write_text("CREATE TABLE whole (id integer);")
    assert await migrate(empty_database_url, files) == ["0003_broken.sql"]


@pytest.mark.parametrize(
    "name", ["people.sql", "12_people.sql", "0001-people.sql", "0001_People.sql", "0002_twice.sql"]
)
async def test_a_name_that_gives_no_place_is_refused(empty_database_url: str, files: Path, name: str) -> None:
    (files / name).write_text("SELECT 1;")
    with pytest.raises(CannotMigrate):
        await migrate(empty_database_url, files)


async def test_a_portal_does_not_serve_on_an_outdated_database(empty_database_url: str, files: Path) -> None:
    with pytest.raises(CannotMigrate, match=r"lacks 0001_people\.sql, 0002_pets\.sql: run `portal migrate`"):
        await refuse_outdated(empty_database_url, files)
    await migrate(empty_database_url, files)
    await refuse_outdated(empty_database_url, files)


async def test_an_unreachable_database_is_named_without_its_password() -> None:
    with pytest.raises(DatabaseUnreachable) as told:
        await migrate("postgresql://portal:hidden@127.0.0.1:1/portal")
    assert str(told.value).startswith("The database at 127.0.0.1:1 (portal) cannot be used (")
    assert "DATABASE_URL" in str(told.value)
    assert "hidden" not in str(told.value)


async def test_the_portals_own_files_run_on_an_empty_database(empty_database_url: str) -> None:
    names = [path.name for path in sorted(MIGRATIONS.glob("*.sql"))]
    assert await migrate(empty_database_url) == ["work queue", *names]


async def test_the_work_queue_is_complete_and_brought_up_to_date(fresh_database_url: str) -> None:
    connection = await asyncpg.connect(fresh_database_url)
    try:
        assert not (await Queries(AsyncpgDriver(connection)).plan_upgrade()).statements
        # As an older release had left it.
        await connection.execute("DROP INDEX pgqueuer_picked_slot_idx; ALTER TABLE pgqueuer DROP COLUMN slot")
        assert await migrate(fresh_database_url) == ["work queue, upgraded"]
        assert not (await Queries(AsyncpgDriver(connection)).plan_upgrade()).statements
    finally:
        await connection.close()


def test_the_page_of_the_schema_is_what_the_migrations_make(fresh_database_url: str) -> None:
    assert schema.PAGE.read_text() == schema.dump(fresh_database_url), "run `portal migrate --dump-schema`"


async def _tables(url: str, *names: str) -> set[str]:
    connection = await asyncpg.connect(url)
    try:
        found = await connection.fetch("SELECT relname FROM pg_class WHERE relname = ANY($1)", list(names))
        return {row["relname"] for row in found}
    finally:
        await connection.close()
