"""The SQL of sealing and verifying."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime
from typing import Any

import asyncpg

from services.registers.chain import Chain
from services.registers.store import SEALING, Connection

_PAGE = 2000
_READ = """
    r.id, r.subject, r.reader_kind, r.reader_role, r.reader_institution, r.reason, r.reader_id, r.register, r.fact,
    r.purpose::text AS purpose, r.legal_basis::text AS legal_basis, r.application_id, r.channel, r.message_id, r.at,
    r.outcome, r.act, r.by_subject, r.day, r.shown_from, r.position, r.proof, r.hash, r.mark
"""


async def hold_recording(connection: Connection) -> None:
    """Wait until nobody records, and keep everyone from it until the transaction ends."""
    await connection.execute("SELECT pg_advisory_xact_lock($1)", SEALING)


async def last_day(connection: Connection) -> asyncpg.Record | None:
    """Return `day` and `signed` of the last sealed day, or None."""
    return await connection.fetchrow("SELECT day, signed FROM fact_read_day ORDER BY day DESC LIMIT 1")


async def first_open_day(connection: Connection) -> date | None:
    """Return the first day on which anything was recorded, or None."""
    return await connection.fetchval("SELECT min(day) FROM fact_read_chain")


async def chains(connection: Connection, day: date) -> list[Chain]:
    """Return every chain of a day that holds a read."""
    rows = await connection.fetch(
        "SELECT subject, day, shown_from, length, head FROM fact_read_chain WHERE day = $1 AND length > 0", day
    )
    return [Chain(**dict(row)) for row in rows]


async def add_day(  # noqa: PLR0917 - a day is all of this
    connection: Connection, day: date, root: bytes, found: Sequence[Chain], signed: str, now: datetime
) -> None:
    """Keep a sealed day."""
    await connection.execute(
        "INSERT INTO fact_read_day (day, root, chains, reads, signed, sealed_at) VALUES ($1, $2, $3, $4, $5, $6)",
        day,
        root,
        len(found),
        sum(chain.length for chain in found),
        signed,
        now,
    )


async def save_paths(connection: Connection, day: date, paths: Sequence[tuple[Chain, bytes]]) -> None:
    """Keep the way of each chain to its day's root."""
    await connection.execute(
        """
        UPDATE fact_read_chain AS chain SET path = given.path
          FROM unnest($2::text[], $3::date[], $4::bytea[]) AS given (subject, shown_from, path)
         WHERE chain.day = $1 AND chain.subject = given.subject AND chain.shown_from = given.shown_from
        """,
        day,
        [chain.subject for chain, _path in paths],
        [chain.shown_from for chain, _path in paths],
        [path for _chain, path in paths],
    )


async def days(connection: Connection, before: date | None, limit: int) -> list[asyncpg.Record]:
    """Return sealed days before another, the newest first."""
    return await connection.fetch(
        """
        SELECT day, root, chains, reads, signed, sealed_at FROM fact_read_day
         WHERE $1::date IS NULL OR day < $1 ORDER BY day DESC LIMIT $2
        """,
        before,
        limit,
    )


async def sealed(connection: Connection, day: date) -> asyncpg.Record | None:
    """Return one sealed day, or None while it is not."""
    return await connection.fetchrow(
        "SELECT day, root, chains, reads, signed, sealed_at FROM fact_read_day WHERE day = $1", day
    )


async def chains_of(connection: Connection, subject: str, day: date, today: date) -> list[asyncpg.Record]:
    """Return the person's chains of a day that are shown by now."""
    return await connection.fetch(
        """
        SELECT subject, day, shown_from, length, head, mark, path FROM fact_read_chain
         WHERE day = $2 AND subject = $1 AND shown_from <= $3 AND length > 0 ORDER BY shown_from
        """,
        subject,
        day,
        today,
    )


async def reads_of(connection: Connection, subject: str, day: date, shown_from: date) -> list[asyncpg.Record]:
    """Return the reads of one chain in their order."""
    return await connection.fetch(
        f"SELECT {_READ} FROM fact_read r WHERE day = $2 AND subject = $1 AND shown_from = $3 ORDER BY position",  # noqa: S608
        subject,
        day,
        shown_from,
    )


async def every_chain(connection: Connection) -> AsyncIterator[asyncpg.Record]:
    """Yield every chain, in the order of its key."""
    statement = """
        SELECT subject, day, shown_from, length, head, mark, path FROM fact_read_chain
         WHERE ($1::date IS NULL OR (day, subject, shown_from) > ($1, $2::text, $3::date))
         ORDER BY day, subject, shown_from LIMIT $4
    """
    after: tuple[Any, ...] = (None, None, None)
    while rows := await connection.fetch(statement, *after, _PAGE):
        for row in rows:
            yield row
        after = tuple(rows[-1][name] for name in ("day", "subject", "shown_from"))


async def every_read(connection: Connection) -> AsyncIterator[asyncpg.Record]:
    """Yield every read that stands in a chain, in the order of chains, with what is left of its message."""
    statement = f"""
        SELECT {_READ}, m.message_id IS NOT NULL AS has_message, m.path AS message_path, m.request_hash,
               m.request_signature, m.status, m.answer_hash, m.answer_signature
          FROM fact_read r LEFT JOIN register_message m ON m.message_id = r.message_id
         WHERE r.day IS NOT NULL
           AND ($1::date IS NULL OR (r.day, r.subject, r.shown_from, r.position) > ($1, $2::text, $3::date, $4::bigint))
         ORDER BY r.day, r.subject, r.shown_from, r.position LIMIT $5
    """  # noqa: S608 - the columns are ours
    after: tuple[Any, ...] = (None, None, None, None)
    while rows := await connection.fetch(statement, *after, _PAGE):
        for row in rows:
            yield row
        after = tuple(rows[-1][name] for name in ("day", "subject", "shown_from", "position"))


async def outside(connection: Connection) -> list[asyncpg.Record]:
    """Return `id` of each read that stands in no chain although it came when there were chains."""
    return await connection.fetch(
        """
        SELECT id FROM fact_read
         WHERE day IS NULL AND id > (SELECT id FROM fact_read WHERE day IS NOT NULL ORDER BY id LIMIT 1) ORDER BY id
        """
    )


async def messages_alone(connection: Connection) -> list[asyncpg.Record]:
    """Return `message_id` of each message whose read is not there."""
    return await connection.fetch(
        """
        SELECT message_id FROM register_message m
         WHERE NOT EXISTS (SELECT FROM fact_read r WHERE r.message_id = m.message_id) ORDER BY message_id
        """
    )
