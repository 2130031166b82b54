"""The drills of docs/operations.md, as written there: a dump restored, and a moment brought back from the archive."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from portal import postgres
from portal.migrate import migrate
from portal.postgres.place import Place

PROGRAMS = postgres.find()


@pytest.fixture
def directory() -> Iterator[Path]:
    """Give a short private place: a socket's path has at most 107 bytes."""
    place = Path(tempfile.mkdtemp(prefix="portal-drill-"))
    yield place
    # A server stops a moment after its last user has left.
    while any(postgres.in_use(server.parent) for server in place.glob("*/keeper.lock")):
        time.sleep(0.05)
    shutil.rmtree(place)


def test_a_dump_brings_everything_back_into_an_empty_database(directory: Path) -> None:
    with postgres.running(directory / "postgres") as server:
        before = asyncio.run(postgres.own_database(server, "portal"))
        asyncio.run(migrate(before))
        asyncio.run(_execute(before, "INSERT INTO life_goes_on VALUES (1)", table=True))
        _run(server, "portal", "pg_dump", "--format=custom", f"--file={directory}/portal.dump", "--dbname=portal")

        asyncio.run(_execute(server.url(), "DROP DATABASE portal WITH (FORCE)"))
        again = asyncio.run(postgres.own_database(server, "portal"))
        _run(
            server,
            "portal",
            "pg_restore",
            "--exit-on-error",
            "--no-owner",
            "--dbname=portal",
            f"{directory}/portal.dump",
        )

        assert asyncio.run(_rows(again)) == [1]
        assert asyncio.run(migrate(again)) == []


def test_any_moment_since_the_last_backup_can_be_brought_back(directory: Path) -> None:
    archive, backup = directory / "archive", directory / "backup"
    archive.mkdir()
    archiving = ("-c", "archive_mode=on", "-c", f"archive_command=test ! -f {archive}/%f && cp %p {archive}/%f")
    with postgres.running(directory / "postgres", options=archiving) as server:
        url = asyncio.run(postgres.own_database(server, "portal"))
        asyncio.run(_execute(url, "INSERT INTO life_goes_on VALUES (1)", table=True))
        _run(server, "postgres", "pg_basebackup", f"--pgdata={backup}", "--checkpoint=fast", "--wal-method=stream")
        asyncio.run(_execute(url, "INSERT INTO life_goes_on VALUES (2)"))
        moment = asyncio.run(_value(url, "SELECT clock_timestamp()::text"))
        asyncio.run(_execute(url, "DELETE FROM life_goes_on"))
        asyncio.run(_value(server.url(), "SELECT pg_switch_wal()::text"))

    with postgres.running(_restored(directory, backup), options=_recover(archive, moment)) as restored:
        assert asyncio.run(_rows(restored.url("portal"))) == [1, 2]


def _restored(directory: Path, backup: Path) -> Path:
    """Return a place for a server whose data are the backup's, to be recovered from the archive."""
    place = Place(directory / "restored")
    place.make()
    backup.rename(place.data)
    (place.data / "recovery.signal").touch()
    shutil.copy(Place(directory / "postgres").password, place.password)
    return place.directory


def _recover(archive: Path, moment: str) -> tuple[str, ...]:
    return (
        *("-c", f"restore_command=cp {archive}/%f %p"),
        *("-c", f"recovery_target_time={moment}"),
        *("-c", "recovery_target_action=promote"),
    )


def _run(server: postgres.Server, role: str, program: str, *arguments: str) -> None:
    environment = {
        **os.environ,
        "PGHOST": str(server.place.sockets),
        "PGUSER": role,
        "PGPASSWORD": server.password(role),
    }
    done = subprocess.run(
        [PROGRAMS.program(program), *arguments], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


async def _execute(url: str, statement: str, *, table: bool = False) -> None:
    connection = await asyncpg.connect(url)
    try:
        if table:
            await connection.execute("CREATE TABLE life_goes_on (day integer)")
        await connection.execute(statement)
    finally:
        await connection.close()


async def _rows(url: str) -> list[int]:
    connection = await asyncpg.connect(url)
    try:
        return [row["day"] for row in await connection.fetch("SELECT day FROM life_goes_on ORDER BY day")]
    finally:
        await connection.close()


async def _value(url: str, question: str) -> str:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()
