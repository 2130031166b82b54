"""Remembers questions on phones, and what clients are yet to be told of sessions that ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from uuid import UUID

from uuid_utils.compat import uuid7

from eid.provider.backchannel.question import KEPT, Question
from eid.provider.request import Session
from eid.provider.store import Connection


@dataclass(frozen=True, slots=True)
class LogoutMessage:
    """What one client is to be told: the session that it knows as `sid` has ended."""

    id: UUID
    client_id: str
    person_id: UUID
    sid: str
    tries: int  # this one counted


# Questions on phones
async def save_question(connection: Connection, question: Question) -> None:
    """Keep a new question."""
    await connection.execute(
        """
        INSERT INTO backchannel_request (id_hash, client_id, person_id, approval_id, scope, acr, created_at, expires_at,
                                         interval_seconds, polled_at, fetched_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        """,
        *astuple(question),
    )


async def take_question(connection: Connection, id_hash: bytes) -> Question | None:
    """Return a question, held until the transaction ends: of two who look, one waits."""
    row = await connection.fetchrow("SELECT * FROM backchannel_request WHERE id_hash = $1 FOR UPDATE", id_hash)
    return Question(**dict(row)) if row else None


async def note_look(connection: Connection, id_hash: bytes, interval_seconds: int, now: datetime) -> None:
    """Note that the client looked, and how long it has to wait now."""
    note = "UPDATE backchannel_request SET polled_at = $2, interval_seconds = $3 WHERE id_hash = $1"
    await connection.execute(note, id_hash, now, interval_seconds)


async def note_fetched(connection: Connection, id_hash: bytes, now: datetime) -> None:
    """Note that the answer was fetched; it cannot be fetched again."""
    await connection.execute("UPDATE backchannel_request SET fetched_at = $2 WHERE id_hash = $1", id_hash, now)


async def lately(connection: Connection, person_id: UUID, now: datetime) -> list[Question]:
    """Return what was put to a person within the last minutes; asked one at a time, so that none is overlooked."""
    await connection.execute("SELECT FROM person WHERE id = $1 FOR UPDATE", person_id)
    rows = await connection.fetch(
        "SELECT * FROM backchannel_request WHERE person_id = $1 AND created_at > $2", person_id, now - KEPT
    )
    return [Question(**dict(row)) for row in rows]


# Sessions that end
async def end_session(connection: Connection, session_id: UUID, now: datetime) -> None:
    """End a session, and queue a message to each client that was told of it and wants to know."""
    await _end(connection, [session_id], now)


async def sweep(connection: Connection, now: datetime) -> None:
    """End sessions whose time is over; forget questions that count for nothing any more."""
    over = "SELECT id FROM session WHERE seen_at < $1 OR auth_time < $2 ORDER BY id FOR UPDATE SKIP LOCKED"
    rows = await connection.fetch(over, now - Session.IDLE, now - Session.LONGEST)
    await _end(connection, [row["id"] for row in rows], now)
    await connection.execute("DELETE FROM backchannel_request WHERE created_at < $1", now - KEPT)


async def _end(connection: Connection, sessions: Sequence[UUID], now: datetime) -> None:
    told = await connection.fetch(
        """
        WITH ended AS (DELETE FROM session WHERE id = ANY($1) RETURNING id, person_id)
        SELECT client_id, person_id, sid
          FROM session_client JOIN ended ON session_id = ended.id JOIN client USING (client_id)
         WHERE metadata::jsonb ->> 'backchannel_logout_uri' IS NOT NULL
        """,
        sessions,
    )
    await connection.executemany(
        "INSERT INTO logout_message (id, client_id, person_id, sid, queued_at, due_at) VALUES ($1, $2, $3, $4, $5, $5)",
        [(uuid7(), row["client_id"], row["person_id"], row["sid"], now) for row in told],
    )


async def due(connection: Connection, now: datetime, again: Sequence[timedelta], most: int) -> list[LogoutMessage]:
    """Return messages whose time has come, each put off by its next pause: who dies with it leaves it to be sent."""
    rows = await connection.fetch(
        """
        UPDATE logout_message SET tries = tries + 1, due_at = $1::timestamptz + ($2::interval[])[tries + 1]
         WHERE id IN (SELECT id FROM logout_message WHERE due_at <= $1 AND tries < $3
                       ORDER BY due_at LIMIT $4 FOR UPDATE SKIP LOCKED)
        RETURNING id, client_id, person_id, sid, tries
        """,
        *(now, list(again), len(again), most),
    )
    return [LogoutMessage(**dict(row)) for row in rows]


async def forget_message(connection: Connection, message_id: UUID) -> None:
    """Forget a message that was taken, or that nobody will take."""
    await connection.execute("DELETE FROM logout_message WHERE id = $1", message_id)
