"""The SQL of what registers are told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from services.registers.sandbox.definition import Connection, Register
from services.registers.sandbox.xroad import LOGGED, Message

_BEYOND = 98_000_000  # every kin's serials lie below


async def before(connection: Connection, message_id: UUID) -> asyncpg.Record | None:
    """Return `request_hash`, `status` and `answer` of a message that came before; the same one waits its turn."""
    await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", str(message_id))
    return await connection.fetchrow(
        "SELECT request_hash, status, answer FROM written WHERE message_id = $1", message_id
    )


async def is_known(connection: Connection, register: str, subject: str) -> bool:
    """Return whether a register knows a person."""
    return await connection.fetchval(
        """
        SELECT EXISTS (SELECT FROM person WHERE personal_number = $2)
            AND NOT EXISTS (SELECT FROM gap WHERE register = $1 AND personal_number = $2)
        """,
        register,
        subject,
    )


async def keep(  # noqa: PLR0917 - what is kept is all of this
    connection: Connection,
    register: Register,
    message: Message,
    status: int,
    answer: bytes,
    concerned: Collection[str],
    now: datetime,
) -> None:
    """Keep what came of a message, and in the register's own record who told it; `concerned`: whose rows it changed."""
    await connection.execute(
        "INSERT INTO written (message_id, request_hash, status, answer, at) VALUES ($1, $2, $3, $4, $5)",
        message.id,
        message.hash,
        status,
        answer,
        now,
    )
    await connection.execute(
        f"""
        INSERT INTO {register.log} (known, at, {LOGGED}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        """,  # noqa: S608 - names of this program
        bool(concerned),
        now,
        *message.logged(),
    )
    await connection.executemany(
        "INSERT INTO written_of (register, personal_number) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        [(register.code, number) for number in concerned],
    )


async def untouched(connection: Connection, register: str, numbers: Sequence[str]) -> set[str]:
    """Return of whom no register was told to change anything."""
    rows = await connection.fetch("SELECT personal_number FROM written_of WHERE register = $1", register)
    return {*numbers} - {row["personal_number"] for row in rows}


async def serial(connection: Connection) -> int:
    """Return a serial that nobody had."""
    return _BEYOND + await connection.fetchval("SELECT nextval('written_serial')")
