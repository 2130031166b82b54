"""The only SQL of offers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg
import msgspec
from asyncpg.pool import PoolConnectionProxy

from services.offers.offer import Answer, Offer
from services.offers.preference import Channel, Message, Preference

Connection: TypeAlias = asyncpg.Connection | PoolConnectionProxy

_OFFER = (
    "id, personal_number, kind, day, about::text AS about, service_id, reminder_id, made_at, answer, answered_at,"
    " application_id"
)


async def read_until(connection: Connection) -> int:
    """Return the number of the last event that was taken."""
    return await connection.fetchval("SELECT read_until FROM register_feed") or 0


async def go_on(connection: Connection, since: int, until: int) -> bool:
    """Go on behind an event; False when the feed was not read until `since`: another was faster."""
    return (
        await connection.execute("UPDATE register_feed SET read_until = $2 WHERE read_until = $1", since, until)
        == "UPDATE 1"
    )


async def add(connection: Connection, offer: Offer) -> bool:
    """Keep an offer; False when the same was made before."""
    return (
        await connection.execute(
            """
            INSERT INTO offer (id, personal_number, kind, day, about, service_id, reminder_id, made_at)
            VALUES ($1, $2, $3, $4, $5::text::jsonb, $6, $7, $8) ON CONFLICT DO NOTHING
            """,
            offer.id,
            offer.personal_number,
            offer.kind,
            offer.day,
            _json(offer.about),
            offer.service_id,
            offer.reminder_id,
            offer.made_at,
        )
        == "INSERT 0 1"
    )


async def of(connection: Connection, personal_number: str, since: datetime, limit: int) -> list[Offer]:
    """Return what was offered to a person since a time, the newest first."""
    rows = await connection.fetch(
        f"""
        SELECT {_OFFER} FROM offer WHERE personal_number = $1 AND made_at > $2 ORDER BY day DESC, id DESC LIMIT $3
        """,  # noqa: S608 - the columns are ours
        personal_number,
        since,
        limit,
    )
    return [_offer(row) for row in rows]


async def own(
    connection: Connection, offer_id: UUID, personal_number: str, since: datetime, *, lock: bool
) -> Offer | None:
    """Return the person's own offer that was made since a time, locked for a change or only read."""
    row = await connection.fetchrow(
        f"""
        SELECT {_OFFER} FROM offer WHERE id = $1 AND personal_number = $2 AND made_at > $3
        {"FOR UPDATE" if lock else ""}
        """,  # noqa: S608 - the columns are ours
        offer_id,
        personal_number,
        since,
    )
    return _offer(row) if row else None


async def answer(
    connection: Connection, offer_id: UUID, answer: Answer, now: datetime, application_id: UUID | None = None
) -> None:
    """Keep how an offer was answered."""
    await connection.execute(
        "UPDATE offer SET answer = $2, answered_at = $3, application_id = $4 WHERE id = $1",
        offer_id,
        answer,
        now,
        application_id,
    )


async def applied(
    connection: Connection, person_id: UUID, service_id: str, answers: Mapping[str, Any], since: date
) -> UUID | None:
    """Return the person's newest application of a service that she sent, with these answers, begun since a day."""
    return await connection.fetchval(
        """
        SELECT id FROM application
         WHERE person_id = $1 AND service_id = $2 AND answers @> $3::text::jsonb AND created_at >= $4::date
           AND submitted_at IS NOT NULL AND state NOT IN ('refused', 'withdrawn')
         ORDER BY id DESC LIMIT 1
        """,
        person_id,
        service_id,
        _json(answers),
        since,
    )


async def preference(connection: Connection, person_id: UUID) -> Preference | None:
    """Return what a person chose, or None."""
    row = await connection.fetchrow(
        "SELECT by_email, by_sms, phone, refuses FROM offer_preference WHERE person_id = $1", person_id
    )
    return Preference(**dict(row)) if row else None


async def choose(connection: Connection, person_id: UUID, chosen: Preference, now: datetime) -> None:
    """Keep what a person chose, in place of what she chose before."""
    await connection.execute(
        """
        INSERT INTO offer_preference (person_id, by_email, by_sms, phone, refuses, chosen_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (person_id) DO UPDATE
           SET by_email = excluded.by_email, by_sms = excluded.by_sms, phone = excluded.phone,
               refuses = excluded.refuses, chosen_at = excluded.chosen_at
        """,
        person_id,
        chosen.by_email,
        chosen.by_sms,
        chosen.phone,
        chosen.refuses,
        now,
    )


async def refusing(connection: Connection, personal_numbers: Collection[str]) -> set[str]:
    """Return who of these people wants to be offered nothing."""
    rows = await connection.fetch(
        """
        SELECT p.personal_number FROM person p JOIN offer_preference wish ON wish.person_id = p.id
         WHERE p.personal_number = ANY($1) AND wish.refuses
        """,
        list(personal_numbers),
    )
    return {row["personal_number"] for row in rows}


async def wishing(connection: Connection, personal_numbers: Collection[str]) -> Sequence[tuple[UUID, Channel]]:
    """Return who of these people wants to be told by which channel, and can be."""
    rows = await connection.fetch(
        """
        SELECT p.id, channel.name
          FROM person p JOIN offer_preference wish ON wish.person_id = p.id
          CROSS JOIN LATERAL (VALUES ('email', wish.by_email AND p.email IS NOT NULL), ('sms', wish.by_sms))
            AS channel (name, is_wanted)
         WHERE p.personal_number = ANY($1) AND channel.is_wanted ORDER BY p.id, channel.name
        """,
        list(personal_numbers),
    )
    return [(row["id"], row["name"]) for row in rows]


async def add_message(connection: Connection, message_id: UUID, person_id: UUID, channel: Channel, day: date) -> bool:
    """Keep that a person is to be told; False when she was on that day already."""
    return (
        await connection.execute(
            "INSERT INTO offer_message (id, person_id, channel, day) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            message_id,
            person_id,
            channel,
            day,
        )
        == "INSERT 0 1"
    )


async def message(connection: Connection, message_id: UUID) -> Message | None:
    """Return a message that has not left, if the person still wants it and can be reached."""
    row = await connection.fetchrow(
        """
        SELECT m.id, m.channel, CASE m.channel WHEN 'email' THEN p.email ELSE wish.phone END AS to, p.language
          FROM offer_message m JOIN person p ON p.id = m.person_id JOIN offer_preference wish USING (person_id)
         WHERE m.id = $1 AND m.sent_at IS NULL
           AND CASE m.channel WHEN 'email' THEN wish.by_email AND p.email IS NOT NULL ELSE wish.by_sms END
        """,
        message_id,
    )
    return Message(**dict(row)) if row else None


async def sent(connection: Connection, message_id: UUID, now: datetime) -> None:
    """Note when a message left."""
    await connection.execute("UPDATE offer_message SET sent_at = $2 WHERE id = $1", message_id, now)


async def sweep(connection: Connection, before: datetime) -> None:
    """Remove offers and messages of an earlier time, whatever became of them."""
    await connection.execute("DELETE FROM offer WHERE made_at < $1", before)
    await connection.execute("DELETE FROM offer_message WHERE day < $1::timestamptz", before)


def _offer(row: asyncpg.Record) -> Offer:
    values: dict[str, Any] = dict(row)
    return Offer(**values | {"about": msgspec.json.decode(values["about"])})


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
