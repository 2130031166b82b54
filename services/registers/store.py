"""The tracker's SQL: reads and their chains, messages, alerts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import TypeAlias
from uuid import UUID

import asyncpg
import msgspec
from asyncpg.pool import PoolConnectionProxy

from i18n.text import Wording
from services.registers.chain import Chain

Connection: TypeAlias = asyncpg.Connection | PoolConnectionProxy
Row = tuple[object, ...]

SEALING = 0x7265_6164  # whoever seals a day waits until nobody records, and the other way round
_READ = """
    id, subject, reader_kind, reader_role, reader_institution, reason, reader_id, register, fact,
    purpose::text AS purpose, legal_basis::text AS legal_basis, application_id, channel, message_id, at, outcome,
    act, by_subject, day, shown_from, position, proof, hash, mark
"""


async def hold_days(connection: Connection) -> date | None:
    """Keep days from being sealed until the transaction ends; return the last one that is."""
    await connection.execute("SELECT pg_advisory_xact_lock_shared($1)", SEALING)
    return await connection.fetchval("SELECT max(day) FROM fact_read_day")


async def numbers(connection: Connection, readers: Collection[UUID]) -> Mapping[UUID, str]:
    """Return the personal numbers of readers whom the portal knows."""
    rows = await connection.fetch("SELECT id, personal_number FROM person WHERE id = ANY($1)", list(readers))
    return {row["id"]: row["personal_number"] for row in rows}


async def chain(connection: Connection, subject: str, day: date, shown_from: date, mark: bytes) -> Chain:
    """Return the person's chain of the day, locked; `mark` is that of an empty one."""
    row = await connection.fetchrow(
        """
        INSERT INTO fact_read_chain AS chain (subject, day, shown_from, length, head, mark)
        VALUES ($1, $2, $3, 0, $4, $5)
        ON CONFLICT (day, subject, shown_from) DO UPDATE SET length = chain.length
        RETURNING subject, day, shown_from, length, head
        """,
        subject,
        day,
        shown_from,
        Chain(subject, day, shown_from).head,
        mark,
    )
    return Chain(**dict(row))  # type: ignore[arg-type]  # an INSERT with RETURNING returns


async def save_chain(connection: Connection, chain: Chain, mark: bytes) -> None:
    """Keep how long a chain has become."""
    await connection.execute(
        "UPDATE fact_read_chain SET length = $4, head = $5, mark = $6 WHERE (day, subject, shown_from) = ($1, $2, $3)",
        chain.day,
        chain.subject,
        chain.shown_from,
        chain.length,
        chain.head,
        mark,
    )


async def recorded(connection: Connection, messages: Collection[UUID]) -> set[UUID]:
    """Return which of these messages stand in the record already."""
    rows = await connection.fetch("SELECT message_id FROM fact_read WHERE message_id = ANY($1)", list(messages))
    return {row["message_id"] for row in rows}


async def add(connection: Connection, reads: Sequence[Row]) -> None:
    """Insert reads, in the order of the columns below."""
    await connection.executemany(
        """
        INSERT INTO fact_read (
            id, subject, reader_kind, reader_role, reader_institution, reason, reader_id, register, fact, purpose,
            legal_basis, application_id, channel, message_id, at, outcome, act,
            by_subject, day, shown_from, position, proof, hash, mark
        ) VALUES (
            $1, $2, $3, $4, $5, $6, $7, $8, $9, $10::text::jsonb, $11::text::jsonb, $12, $13, $14, $15, $16,
            $17, $18, $19, $20, $21, $22, $23, $24
        )
        """,
        reads,
    )


async def add_messages(connection: Connection, messages: Sequence[Row]) -> None:
    """Insert what is left of messages, in the order of the columns below."""
    await connection.executemany(
        """
        INSERT INTO register_message (
            message_id, path, request_hash, request_signature, status, answer_hash, answer_signature
        ) VALUES ($1, $2, $3, $4, $5, $6, $7)
        """,
        messages,
    )


async def add_alerts(connection: Connection, alerts: Sequence[Row]) -> None:
    """Insert alerts: the read, the rule, the time."""
    await connection.executemany("INSERT INTO look_alert_event (read_id, rule, at) VALUES ($1, $2, $3)", alerts)


async def standing(
    connection: Connection, subject: str, reader: str | None, institution: str | None
) -> tuple[bool, bool]:
    """Return whether the reader and the subject work for the same institution, and whether the subject is marked."""
    row = await connection.fetchrow(
        """
        SELECT EXISTS (
                   SELECT FROM office_member theirs
                    WHERE theirs.personal_number = $1
                      AND (theirs.institution = $3 OR EXISTS (
                          SELECT FROM office_member ours
                           WHERE ours.personal_number = $2 AND ours.institution = theirs.institution))
               ) AS is_colleague,
               EXISTS (SELECT FROM marked_person WHERE personal_number = $1) AS is_marked
        """,
        subject,
        reader,
        institution,
    )
    return (row["is_colleague"], row["is_marked"]) if row else (False, False)


async def page(
    connection: Connection, personal_number: str, after: UUID | None, limit: int, today: date
) -> Sequence[asyncpg.Record]:
    """Return reads about a person, newest first, older than the one with id `after`; ids grow with time (UUIDv7).

    What is shown only later is left out until its day.
    """
    return await connection.fetch(
        f"""
        SELECT {_READ} FROM fact_read
        WHERE subject = $1 AND ($2::uuid IS NULL OR id < $2) AND (shown_from IS NULL OR shown_from <= $4)
        ORDER BY id DESC
        LIMIT $3
        """,  # noqa: S608 - the columns are ours
        personal_number,
        after,
        limit,
        today,
    )


async def page_by_others(
    connection: Connection, personal_number: str, after: UUID | None, limit: int, today: date
) -> Sequence[asyncpg.Record]:
    """Return what `page` does, without the person's own looks."""
    return await connection.fetch(
        f"""
        SELECT {_READ} FROM fact_read
        WHERE subject = $1 AND by_subject IS NOT TRUE AND ($2::uuid IS NULL OR id < $2)
          AND (shown_from IS NULL OR shown_from <= $4)
        ORDER BY id DESC
        LIMIT $3
        """,  # noqa: S608 - the columns are ours
        personal_number,
        after,
        limit,
        today,
    )


async def one(connection: Connection, read_id: UUID, numbers: Collection[str], today: date) -> asyncpg.Record | None:
    """Return one read about one of these people, or None where there is none that may be seen."""
    return await connection.fetchrow(
        f"""
        SELECT {_READ} FROM fact_read
        WHERE id = $1 AND subject = ANY($2) AND (shown_from IS NULL OR shown_from <= $3)
        """,  # noqa: S608 - the columns are ours
        read_id,
        list(numbers),
        today,
    )


async def names(connection: Connection, readers: Collection[UUID]) -> Mapping[UUID, tuple[str, str]]:
    """Return given and family name of readers whom the portal knows."""
    rows = await connection.fetch("SELECT id, given_name, family_name FROM person WHERE id = ANY($1)", list(readers))
    return {row["id"]: (row["given_name"], row["family_name"]) for row in rows}


def words(wording: Wording) -> str:
    """Return words in every language as JSON text."""
    return msgspec.json.encode(wording).decode()


def wording(text: str) -> Wording:
    """Return the words that `words` wrote."""
    return msgspec.json.decode(text, type=Wording)
