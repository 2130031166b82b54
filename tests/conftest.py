"""What tests share: a real PostgreSQL, one fresh database a worker, and the parties as real processes."""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import os
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import asyncpg
import pytest

from portal import postgres
from portal.assets import BUILT, build
from portal.database import Connection, Database, connect_once, open_database
from portal.demo.plan import DATABASES, Plan
from portal.migrate import migrate, read
from portal.settings import DatabaseSettings
from tests import parties

CHECKOUT = Path(__file__).parent.parent
KEPT = CHECKOUT / ".local" / "tests"

# Tests lose nothing in a power cut; test_postgres.py runs servers of its own with everything on.
_FAST = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "max_connections=200")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """Give the one PostgreSQL of all test workers and sessions of this checkout."""
    with postgres.running(KEPT / "postgres", options=_FAST) as server:
        yield server


@pytest.fixture(scope="session")
def new_database(postgres_server: postgres.Server) -> Iterator[Callable[[], str]]:
    """Give databases without any table, for a stand-in that migrates itself: every call makes one."""
    with ExitStack() as databases:
        yield lambda: databases.enter_context(_database(postgres_server, "template0"))


@pytest.fixture
def empty_database_url(postgres_server: postgres.Server) -> Iterator[str]:
    """Give one test a database without any table."""
    with _database(postgres_server, "template0") as url:
        yield url


@pytest.fixture(scope="session")
def database_url(postgres_server: postgres.Server) -> Iterator[str]:
    """Give this worker a migrated database, the same for the whole session: tests use rows of their own."""
    with _database(postgres_server, _template(postgres_server)) as url:
        yield url


@pytest.fixture
def fresh_database_url(postgres_server: postgres.Server) -> Iterator[str]:
    """Give one test a migrated database that nobody else has touched."""
    with _database(postgres_server, _template(postgres_server)) as url:
        yield url


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator[Connection]:
    """Give a connection in a transaction that is undone after the test."""
    connection = await connect_once(database_url, application="test")
    transaction = connection.transaction()
    await transaction.start()
    try:
        yield connection
    finally:
        await transaction.rollback()
        await connection.close()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Give the portal's pool on the worker's database; what it commits stays."""
    database = await open_database(DatabaseSettings(database_url=database_url))
    yield database
    await database.close()


@pytest.fixture(scope="session")
def assets() -> Path:
    """Give the built style sheets and scripts, built once for all."""
    build.ensure(BUILT)
    return BUILT


@pytest.fixture(scope="session")
def plan(new_database: Callable[[], str], assets: Path, tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """Give what each party would be told in a demo on free ports, each with an empty database of its own."""
    settings = parties.demo_settings(tmp_path_factory.mktemp("parties"), portal_assets=assets)
    return Plan(settings, {name: new_database() for name in DATABASES})


@pytest.fixture(scope="session")
def party(plan: Plan) -> Iterator[Callable[..., parties.Running]]:
    """Give what starts a party as a real process: `party("registers", REGISTERS_PORT="…")`; stopped in the end."""
    started: list[parties.Running] = []

    def start(name: str, **settings: str) -> parties.Running:
        found = next(each for each in plan.parties() if each.name == name)
        told = replace(found, environment={**found.environment, **settings})
        started.append(parties.start_party(told, plan.directory / f"{name}.log"))
        return started[-1]

    yield start
    for each in started:
        each.stop()


@pytest.fixture(scope="session")
def demo(assets: Path) -> Iterator[parties.Demo]:
    """Give the whole demo on free ports, started as a newcomer starts it, and shared by all tests of this worker."""
    directory = Path(tempfile.mkdtemp(prefix="portal-demo-"))
    demo = parties.start_demo(parties.demo_settings(directory, portal_assets=assets))
    yield demo
    demo.stop()
    shutil.rmtree(directory, ignore_errors=True)


@contextmanager
def _database(server: postgres.Server, template: str) -> Generator[str]:
    """Give a copy of `template`, dropped afterwards; copies of test runs that were killed go first."""
    name = f"test_{os.getpid()}_{secrets.token_hex(4)}"
    asyncio.run(_drop_abandoned(server.url()))
    # PostgreSQL copies a template for one at a time.
    with _alone():
        asyncio.run(_execute(server.url(), f"CREATE DATABASE {name} TEMPLATE {template}"))
    try:
        yield server.url(name)
    finally:
        asyncio.run(_execute(server.url(), f"DROP DATABASE {name} WITH (FORCE)"))


def _template(server: postgres.Server) -> str:
    """Return the name of a migrated database that is made once for each state of the migrations."""
    state = hashlib.sha256("".join(migration.sha256 for migration in read()).encode()).hexdigest()[:12]
    name = f"template_{state}"
    with _alone():
        asyncio.run(_make_template(server, name))
    return name


async def _make_template(server: postgres.Server, name: str) -> None:
    connection = await asyncpg.connect(server.url())
    try:
        if await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", name):
            return
        await connection.execute(f"DROP DATABASE IF EXISTS unfinished_{name} WITH (FORCE)")
        await connection.execute(f"CREATE DATABASE unfinished_{name}")
        await migrate(server.url(f"unfinished_{name}"))
        await connection.execute(f"ALTER DATABASE unfinished_{name} RENAME TO {name}")
    finally:
        await connection.close()


async def _drop_abandoned(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        for row in await connection.fetch("SELECT datname FROM pg_database WHERE datname LIKE 'test\\_%'"):
            if not _runs(row["datname"].split("_")[1]):
                await connection.execute(f"DROP DATABASE IF EXISTS {row['datname']} WITH (FORCE)")
    finally:
        await connection.close()


def _runs(pid: str) -> bool:
    return Path("/proc", pid).exists()


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


class _alone:  # noqa: N801 - reads as a phrase
    """One test worker at a time."""

    def __enter__(self) -> None:
        self._file = (KEPT / "database.lock").open("a+")
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        self._file.close()
