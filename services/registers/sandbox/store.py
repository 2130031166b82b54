"""The registers' only SQL. Reading a person's data and recording who read it are one statement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Literal, TypeAlias

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from services.registers.sandbox.population.person import Kin
from services.registers.sandbox.population.registrar import Registrar
from services.registers.sandbox.row import (
    DWELLING,
    MARRIAGE,
    PERSON,
    RESIDENCE,
    VEHICLE,
    dwelling_row,
    marriage_row,
    person_row,
    residence_row,
    vehicle_row,
)
from services.registers.sandbox.xroad import Message

Connection: TypeAlias = asyncpg.Connection | PoolConnectionProxy
Pool: TypeAlias = asyncpg.Pool
Register = Literal["civil_status", "addresses", "vehicles"]

_MIGRATION_LOCK, _SEEDING_LOCK = 0x7265_6769, 0x7365_6564


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
    """Make what is missing of the schema; several processes may try at once."""
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", _MIGRATION_LOCK)
        await connection.execute(Path(__file__).with_name("schema.sql").read_text())


async def ready(connection: Connection) -> None:
    """Return when the database answers."""
    await connection.fetchval("SELECT 1 FROM person LIMIT 1")


def _recorded(register: Register, select: str) -> str:
    """Return a read together with the register's own record of it: never one without the other."""
    return f"""
        WITH logged AS (
            INSERT INTO {register}_access (message_id, client, user_id, issue, service, subject, known, at)
            SELECT $2, $3, $4, $5, $6, $1, EXISTS (SELECT FROM person WHERE personal_number = $1), $7
        ) {select}"""  # noqa: S608 - both are written in this file


_PERSON = _recorded("civil_status", "SELECT * FROM person WHERE personal_number = $1")
_CHILDREN = _recorded(
    "civil_status",
    """
    SELECT child.personal_number, child.given_name, child.family_name, child.birthdate, child.sex
    FROM person parent
    LEFT JOIN person child ON parent.personal_number IN (child.father, child.mother)
        AND child.died_on IS NULL AND child.birthdate > $8
    WHERE parent.personal_number = $1
    ORDER BY child.birthdate""",
)
_PARENTS = _recorded(
    "civil_status",
    """
    SELECT parent.personal_number, parent.given_name, parent.family_name, parent.birthdate, parent.sex
    FROM person child
    LEFT JOIN person parent ON parent.personal_number IN (child.father, child.mother) AND parent.died_on IS NULL
    WHERE child.personal_number = $1
    ORDER BY parent.sex""",
)
_ADDRESS = _recorded(
    "addresses",
    """
    SELECT dwelling.*, since FROM person
    LEFT JOIN residence USING (personal_number)
    LEFT JOIN dwelling ON dwelling.id = residence.dwelling
    WHERE person.personal_number = $1""",
)
_VEHICLES = _recorded(
    "vehicles",
    """
    SELECT vehicle.* FROM person LEFT JOIN vehicle ON owner = personal_number
    WHERE personal_number = $1
    ORDER BY plate""",
)


async def person(connection: Connection, message: Message, now: datetime) -> asyncpg.Record | None:
    """Return a person's entry, or None when civil status holds none."""
    return await connection.fetchrow(_PERSON, *_read(message, now))


async def children(
    connection: Connection, message: Message, now: datetime, born_after: date
) -> Sequence[asyncpg.Record] | None:
    """Return living children born after a day, oldest first; None when the parent is unknown."""
    rows = await connection.fetch(_CHILDREN, *_read(message, now), born_after)
    return [row for row in rows if row["personal_number"]] if rows else None


async def parents(connection: Connection, message: Message, now: datetime) -> Sequence[asyncpg.Record] | None:
    """Return a person's living parents who are in the register, the mother first; None when she is unknown."""
    rows = await connection.fetch(_PARENTS, *_read(message, now))
    return [row for row in rows if row["personal_number"]] if rows else None


async def address(connection: Connection, message: Message, now: datetime) -> asyncpg.Record | None:
    """Return where a person lives (columns NULL when no address is recorded), or None when she is unknown."""
    return await connection.fetchrow(_ADDRESS, *_read(message, now))


async def vehicles(connection: Connection, message: Message, now: datetime) -> Sequence[asyncpg.Record] | None:
    """Return a person's vehicles by plate; None when the owner is unknown."""
    rows = await connection.fetch(_VEHICLES, *_read(message, now))
    return [row for row in rows if row["plate"]] if rows else None


def _read(message: Message, now: datetime) -> tuple[object, ...]:
    return message.subject, message.id, message.client, message.user_id, message.issue, message.service, now


async def lock_seeding(connection: Connection) -> None:
    """Wait until no other process seeds; held until the connection closes."""
    await connection.execute("SELECT pg_advisory_lock($1)", _SEEDING_LOCK)


async def seeding(connection: Connection) -> asyncpg.Record | None:
    """Return `day`, `next_kin` and `living` of the population so far, or None before the first."""
    return await connection.fetchrow("SELECT day, next_kin, living FROM seeding")


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


async def add(connection: Connection, kins: Sequence[Kin], day: date) -> None:
    """Add whole kins and how far seeding has come: all of it or nothing."""
    people = [person for kin in kins for person in kin.people]
    marriages = [marriage_row(marriage) for kin in kins for marriage in kin.marriages]
    dwellings = [dwelling_row(dwelling) for kin in kins for dwelling in kin.dwellings]
    residences = [row for row in map(residence_row, people) if row]
    vehicles = [vehicle_row(vehicle) for kin in kins for vehicle in kin.vehicles]
    async with connection.transaction():
        await connection.copy_records_to_table("person", records=map(person_row, people), columns=PERSON)
        await connection.copy_records_to_table("marriage", records=marriages, columns=MARRIAGE)
        await connection.copy_records_to_table("dwelling", records=dwellings, columns=DWELLING)
        await connection.copy_records_to_table("residence", records=residences, columns=RESIDENCE)
        await connection.copy_records_to_table("vehicle", records=vehicles, columns=VEHICLE)
        await connection.execute(
            "INSERT INTO seeding (day, next_kin, living) VALUES ($1, $2, $3) ON CONFLICT (one) DO UPDATE SET"
            " next_kin = seeding.next_kin + excluded.next_kin, living = seeding.living + excluded.living",
            day,
            len(kins),
            sum(kin.living for kin in kins),
        )


async def renew_vehicles(connection: Connection, kin: Kin) -> None:
    """Set the three days until which each of the kin's vehicles is valid."""
    await connection.executemany(
        "UPDATE vehicle SET registration_valid_until = $2, inspection_valid_until = $3, insurance_valid_until = $4"
        " WHERE plate = $1",
        [
            (one.plate, one.registration_valid_until, one.inspection_valid_until, one.insurance_valid_until)
            for one in kin.vehicles
        ],
    )
