"""The SQL that the registers share. Reading a person's data and recording who read it are one statement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache, partial
from itertools import chain
from pathlib import Path
from typing import TypeAlias
from uuid import uuid5

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from services.registers.sandbox.definition import Register, Service
from services.registers.sandbox.population.registrar import Registrar
from services.registers.sandbox.population.world import World
from services.registers.sandbox.registry import registers
from services.registers.sandbox.xroad import LOGGED, Message

Connection: TypeAlias = asyncpg.Connection | PoolConnectionProxy
Pool: TypeAlias = asyncpg.Pool

# Counted up when the same seed gives other people than before: a population of an older make is made anew.
MAKE = 3
_MIGRATION_LOCK, _SEEDING_LOCK, _FEED_LOCK = 0x7265_6769, 0x7365_6564, 0x6665_6564

# Of a register, by its code: whom it does not know though it ought to.
GAPS = "SELECT personal_number FROM gap WHERE register = '{register}' LIMIT $1"


def pool(database_url: str) -> Pool:
    """Return a pool to be opened with `async with`, whose connections stand in the schema `registers`."""
    return asyncpg.create_pool(
        database_url,
        min_size=1,
        max_size=10,
        command_timeout=10,
        server_settings={"search_path": "registers", "application_name": "registers"},
        reset=_nothing_to_reset,
    )


async def _nothing_to_reset(_connection: object) -> None:
    """Leave a connection as it is: one statement a request sets nothing, and asyncpg's reset costs a round trip."""


async def migrate(connection: Connection) -> None:
    """Make what is missing of the schema; several processes may try at once. People of an older make are let go."""
    here = Path(__file__)
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", _MIGRATION_LOCK)
        for shared in (here.parent, here.parent / "right", here.parent / "writing"):
            await connection.execute((shared / "schema.sql").read_text())
        if await connection.fetchval("SELECT true FROM seeding WHERE make <> $1", MAKE):
            await _forget(connection)
        access = here.with_name("access.sql").read_text()
        for register in registers().values():
            await connection.execute(register.schema.read_text())
            await connection.execute(access.replace("{table}", register.log))


async def _forget(connection: Connection) -> None:
    """Drop what seeding filled, and what was written there; what registers recorded of who asked stays."""
    for register in registers().values():
        for table in reversed(register.tables):
            await connection.execute(f"DROP TABLE IF EXISTS {table.name} CASCADE")
    await connection.execute("TRUNCATE seeding, gap, event, feed, written, written_of")


async def ready(connection: Connection) -> None:
    """Return when the database answers."""
    await connection.fetchval("SELECT 1 FROM seeding LIMIT 1")


@cache
def _recorded(log: str, code: str, select: str) -> str:
    """Return a read together with the register's own record of it: never one without the other."""
    return f"""
        WITH logged AS (
            INSERT INTO {log} (known, at, {LOGGED})
            SELECT EXISTS (SELECT FROM person WHERE personal_number = $1)
                AND NOT EXISTS (SELECT FROM gap WHERE register = '{code}' AND personal_number = $1),
                $4, $5, $6, $7, $8, $9, $10, $11, $12, $13
            WHERE ($2::date, $3::text) IS NOT NULL
            RETURNING known AS is_known
        )
        SELECT is_known, found.* FROM logged LEFT JOIN (
            SELECT row_number() OVER () AS place, answered.* FROM ({select}) AS answered
        ) AS found ON is_known
        ORDER BY place
    """  # noqa: S608 - all of it stands in this program


async def read(
    connection: Connection, register: Register, service: Service, message: Message, *, now: datetime, day: date
) -> Sequence[dict[str, object]] | None:
    """Return what the register holds of the subject, in order, or None when it does not know her; record the read."""
    rows = await connection.fetch(
        _recorded(register.log, register.code, service.select),
        message.subject,
        day,
        message.represented.rpartition("/")[2] if message.represented else "",
        now,
        *message.logged(),
    )
    if not rows[0]["is_known"]:
        return None
    return [
        {name: value for name, value in row.items() if name not in ("is_known", "place")}
        for row in rows
        if row["place"]
    ]


async def another(connection: Connection, subject: str) -> str:
    """Return another living person's number, always the same for the same person."""
    found = await connection.fetchval(
        "SELECT personal_number FROM person WHERE personal_number > $1 AND died_on IS NULL"
        " ORDER BY personal_number LIMIT 1",
        subject,
    )
    return found or await connection.fetchval("SELECT min(personal_number) FROM person WHERE died_on IS NULL")


async def reads(
    connection: Connection, register: Register, after: int, limit: int, subject: str | None
) -> Sequence[asyncpg.Record]:
    """Return what a register recorded of who asked, by id; of one person when a subject is given."""
    return await connection.fetch(
        f"""
        SELECT id, {LOGGED}, known, at
        FROM {register.log} WHERE id > $1 AND ($3::text IS NULL OR subject = $3) ORDER BY id LIMIT $2
        """,  # noqa: S608 - names of this program
        after,
        limit,
        subject,
    )


async def examples(connection: Connection, select: str, count: int) -> Sequence[asyncpg.Record]:
    """Return so many people whom a case's `select` finds, by number and name."""
    return await connection.fetch(
        f"""
        SELECT personal_number, given_name, family_name, given_name_cyrl, family_name_cyrl, birthdate
        FROM person WHERE personal_number IN (SELECT * FROM ({select}) AS found) ORDER BY personal_number LIMIT $1
        """,  # noqa: S608 - all of it stands in this program
        count,
    )


async def registrar(connection: Connection) -> Registrar:
    """Return a registrar that goes on where the registers stand."""
    births = await connection.fetch(
        "SELECT entry_municipality, entry_year, count(*) FROM person GROUP BY entry_municipality, entry_year"
    )
    marriages = await connection.fetch(
        "SELECT entry_municipality, entry_year, count(*) FROM marriage GROUP BY entry_municipality, entry_year"
    )
    plates = await connection.fetch("SELECT left(plate, 2), count(*) FROM vehicle GROUP BY left(plate, 2)")
    return Registrar(
        Counter({(row[0], row[1]): row[2] for row in births}),
        Counter({(row[0], row[1]): row[2] for row in marriages}),
        Counter({row[0]: row[1] for row in plates}),
    )


async def keys(connection: Connection) -> Sequence[asyncpg.Record]:
    """Return every key, the retired too."""
    return await connection.fetch(
        "SELECT kid, register, private_key, retired_at FROM signing_key ORDER BY created_at, kid"
    )


async def add_key(connection: Connection, key: tuple[str, str, str, datetime]) -> None:
    """Keep a register's first key; another process may have been faster."""
    await connection.execute(
        "INSERT INTO signing_key (kid, register, private_key, created_at) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (register) WHERE retired_at IS NULL DO NOTHING",
        *key,
    )


async def retire_key(connection: Connection, register: str, now: datetime) -> None:
    """Let a register's key sign no more; it stays published."""
    await connection.execute(
        "UPDATE signing_key SET retired_at = $2 WHERE register = $1 AND retired_at IS NULL", register, now
    )


async def lock_seeding(connection: Connection) -> None:
    """Wait until no other process seeds; held until the connection closes."""
    await connection.execute("SELECT pg_advisory_lock($1)", _SEEDING_LOCK)


async def seeding(connection: Connection) -> asyncpg.Record | None:
    """Return `day`, `next_kin` and `living` of the population so far, or None before the first."""
    return await connection.fetchrow("SELECT day, next_kin, living FROM seeding")


async def add(connection: Connection, worlds: Sequence[World], gaps: Sequence[tuple[str, str]], day: date) -> None:
    """Add whole kins to every register, and how far seeding has come: all of it or nothing."""
    async with connection.transaction():
        for register in registers().values():
            filled = [register.fill(world) for world in worlds]
            for table in register.tables:
                rows = chain.from_iterable(each[table.name] for each in filled)
                await connection.copy_records_to_table(table.name, records=rows, columns=table.columns)
        await connection.executemany("INSERT INTO gap (register, personal_number) VALUES ($1, $2)", gaps)
        await connection.execute(
            "INSERT INTO seeding (day, next_kin, living, make) VALUES ($1, $2, $3, $4) ON CONFLICT (one) DO UPDATE SET"
            " next_kin = seeding.next_kin + excluded.next_kin, living = seeding.living + excluded.living",
            day,
            len(worlds),
            sum(len(world.living) for world in worlds),
            MAKE,
        )


async def note_events(connection: Connection, today: date, before: timedelta) -> None:
    """Give numbers to the events up to `today` that are not told yet, in the order of days and registers."""
    if await connection.fetchval("SELECT told_until >= $1 FROM feed", today):
        return
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", _FEED_LOCK)
        day = await connection.fetchval(
            "SELECT coalesce((SELECT told_until FROM feed), (SELECT day - $1::integer FROM seeding))", before.days
        )
        while day is not None and day < today:
            day += timedelta(days=1)
            for register in registers().values():
                for event in register.events:
                    await connection.execute(_noted(event.select), day, register.code, event.kind)
        await connection.execute(
            "INSERT INTO feed (told_until) SELECT $1::date WHERE $1::date IS NOT NULL"
            " ON CONFLICT (one) DO UPDATE SET told_until = greatest(feed.told_until, excluded.told_until)",
            day,
        )


@cache
def _noted(select: str) -> str:
    return f"""
        INSERT INTO event (sequence, day, register, kind, subject, key, about)
        SELECT coalesce((SELECT max(sequence) FROM event), 0) + row_number() OVER (ORDER BY subject, key),
            $1, $2, $3, subject, key, about
        FROM ({select}) AS happened
    """  # noqa: S608 - all of it stands in this program


async def events(connection: Connection, since: int, limit: int) -> Sequence[asyncpg.Record]:
    """Return so many events above `since`, in order."""
    return await connection.fetch(
        "SELECT sequence, day, register, kind, subject, about FROM event WHERE sequence > $1"
        " ORDER BY sequence LIMIT $2",
        since,
        limit,
    )


async def record_told(connection: Connection, asked: Message, told: Sequence[asyncpg.Record], at: datetime) -> None:
    """Record in each register's own log whom it told of in these events, and to whom."""
    for code in {row["register"] for row in told}:
        register = registers()[code]
        each = partial(replace, asked, service=f"{register.subsystem}/events")
        of_it = [
            each(id=uuid5(asked.id, str(row["sequence"])), subject=row["subject"])
            for row in told
            if row["register"] == code
        ]
        await connection.executemany(
            f"""
            INSERT INTO {register.log} (known, at, {LOGGED}) VALUES (true, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            """,  # noqa: S608 - names of this program
            [(at, *message.logged()) for message in of_it],
        )
