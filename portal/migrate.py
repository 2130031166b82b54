"""Brings the portal's database up to date: `migrations/*.sql` in order, forward only, and the work queue's tables.

Each file runs once, in a transaction that also writes down its name and digest; a file that changed or vanished after
it ran is refused. An advisory lock of the transaction lets any number of processes call this at once.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from pgqueuer.db import AsyncpgDriver
from pgqueuer.queries import Queries

from portal.database import connect_once
from services.applications.version import keep
from services.catalogue.load import Catalogue, DefinitionError

MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 0x706F7274616C  # "portal": one lock for all who migrate this database
_FILE = re.compile(r"(\d{4})_[a-z_]+\.sql")

_TABLE = """
    CREATE TABLE IF NOT EXISTS migration (
        version integer PRIMARY KEY,
        name text NOT NULL,
        sha256 text NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT now()
    )
"""


class CannotMigrate(Exception):  # noqa: N818 - why, as one sentence
    """The files and what ran before do not agree; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One file of SQL."""

    version: int
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        """The digest by which a later change is noticed."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


async def migrate(url: str, directory: Path = MIGRATIONS) -> list[str]:
    """Apply what is new and return its names; raise CannotMigrate or DatabaseUnreachable."""
    migrations = read(directory)
    connection = await connect_once(url, application="portal migrate")
    try:
        applied = await _keep_queue(connection)
        for migration in migrations:
            if await _apply(connection, migration, migrations):
                applied.append(migration.name)
    finally:
        await connection.close()
    return applied


async def keep_definitions(url: str, definitions: Catalogue) -> None:
    """Keep the services as they are defined now; raise CannotMigrate for one that changed under the same version."""
    connection = await connect_once(url, application="portal migrate")
    try:
        async with connection.transaction():
            await keep(connection, definitions)
    except DefinitionError as changed:
        raise CannotMigrate(f"{'; '.join(changed.problems)}.") from changed
    finally:
        await connection.close()


async def refuse_outdated(url: str, directory: Path = MIGRATIONS) -> None:
    """Raise CannotMigrate when the database lacks a migration: code and tables would not fit."""
    connection = await connect_once(url)
    try:
        known = await connection.fetchval("SELECT to_regclass('migration') IS NOT NULL")
        rows = await connection.fetch("SELECT version FROM migration") if known else []
        versions = {row["version"] for row in rows}
    finally:
        await connection.close()
    if lacking := [migration.name for migration in read(directory) if migration.version not in versions]:
        raise CannotMigrate(f"The database lacks {', '.join(lacking)}: run `portal migrate`.")


def read(directory: Path = MIGRATIONS) -> list[Migration]:
    """Return the files in order; raise CannotMigrate when a name is not like 0001_people.sql or a number is double."""
    migrations: list[Migration] = []
    for path in sorted(directory.glob("*.sql")):
        named = _FILE.fullmatch(path.name)
        if not named:
            raise CannotMigrate(f"A migration is named like 0001_people.sql: rename {path.name}.")
        migrations.append(Migration(int(named[1]), path.name, path.read_text()))
    versions = [migration.version for migration in migrations]
    if len(set(versions)) < len(versions):
        raise CannotMigrate(f"Two migrations have the same number: {', '.join(m.name for m in migrations)}.")
    return migrations


async def _apply(connection: asyncpg.Connection, migration: Migration, known: Sequence[Migration]) -> bool:
    """Run one file unless it ran before; both are decided under the lock."""
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)
        # A migration that waits for a lock makes everyone behind it wait: better to fail and be tried again.
        await connection.execute("SET LOCAL lock_timeout = '5s'")
        await connection.execute(_TABLE)
        ran = {row["version"]: row for row in await connection.fetch("SELECT version, name, sha256 FROM migration")}
        _agree(ran, known)
        if migration.version in ran:
            return False
        if newer := [row["name"] for version, row in ran.items() if version > migration.version]:
            raise CannotMigrate(
                f"{migration.name} comes before {newer[0]}, which ran already: give it a higher number."
            )
        try:
            await connection.execute(migration.sql)
        except asyncpg.PostgresError as error:
            raise CannotMigrate(f"{migration.name} failed and changed nothing: {error}.") from error
        await connection.execute(
            "INSERT INTO migration (version, name, sha256) VALUES ($1, $2, $3)",
            migration.version,
            migration.name,
            migration.sha256,
        )
    return True


def _agree(ran: dict[int, asyncpg.Record], known: Sequence[Migration]) -> None:
    files = {migration.version: migration for migration in known}
    for version, row in ran.items():
        if version not in files:
            raise CannotMigrate(f"{row['name']} ran on this database and is not here: bring the file back.")
        if files[version].sha256 != row["sha256"]:
            raise CannotMigrate(f"{row['name']} ran on this database and was changed since: write a new migration.")


async def _keep_queue(connection: asyncpg.Connection) -> list[str]:
    """Install the tables of PgQueuer, or bring them to the release that is installed; return what was done."""
    queue = Queries(AsyncpgDriver(connection))
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)
        if not await queue.schema_is_installed():
            await queue.install()
            return ["work queue"]
    # Statement by statement under a lock of its own: some of them cannot share a transaction.
    plan = await queue.apply_upgrade()
    return ["work queue, upgraded"] if plan.statements else []
