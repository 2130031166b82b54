"""The memory of ratings, and the sums that pages read: the room's only SQL."""

from __future__ import annotations

from datetime import date
from typing import TypeAlias
from uuid import UUID

import asyncpg
import msgspec
from asyncpg.pool import PoolConnectionProxy

from services.applications.application import Application
from services.applications.duration import Duration
from services.registers.facts import Fact

Connection: TypeAlias = asyncpg.Connection | PoolConnectionProxy


async def add(
    connection: Connection, rating_id: UUID, rated: Application, *, month: date, score: int, comment: str | None
) -> None:
    """Keep a rating and count it in its month, in one statement.

    Of the application only service, version, channel and language are kept: nothing leads back to it.
    """
    await connection.execute(
        """
        WITH added AS (
            INSERT INTO rating (id, service_id, service_version, channel, language, month, score, comment)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            RETURNING service_id, month, channel, score
        )
        INSERT INTO rating_rollup AS kept (service_id, month, channel, ratings, points)
        SELECT service_id, month, channel, 1, score FROM added
        ON CONFLICT (service_id, month, channel)
        DO UPDATE SET ratings = kept.ratings + 1, points = kept.points + EXCLUDED.points
        """,
        rating_id,
        rated.service_id,
        rated.service_version,
        rated.channel,
        rated.language,
        month,
        score,
        comment,
    )


async def totals(connection: Connection, service_id: str) -> tuple[int, int]:
    """Return all points that a service was given, and in how many ratings."""
    row = await connection.fetchrow(
        "SELECT coalesce(sum(points), 0)::bigint AS points, coalesce(sum(ratings), 0)::bigint AS ratings"
        " FROM rating_rollup WHERE service_id = $1",
        service_id,
    )
    return (row["points"], row["ratings"]) if row else (0, 0)


async def months(connection: Connection, service_id: str, since: date) -> list[tuple[date, int, int]]:
    """Return month, points and ratings of a service's months since a day, oldest first."""
    rows = await connection.fetch(
        """
        SELECT month, sum(points)::bigint AS points, sum(ratings)::bigint AS ratings
        FROM rating_rollup WHERE service_id = $1 AND month >= $2
        GROUP BY month ORDER BY month
        """,
        service_id,
        since,
    )
    return [(row["month"], row["points"], row["ratings"]) for row in rows]


async def sent(connection: Connection, person_id: UUID) -> list[tuple[str, list[Fact]]]:
    """Return service and facts of each application that a person sent."""
    rows = await connection.fetch(
        """
        SELECT service_id, facts::text AS facts FROM application
         WHERE person_id = $1 AND submitted_at IS NOT NULL ORDER BY id
        """,
        person_id,
    )
    return [(row["service_id"], msgspec.json.decode(row["facts"], type=list[Fact])) for row in rows]


async def durations(connection: Connection, service_id: str, since: date) -> dict[Duration, int]:
    """Return how many of a service's decisions after a day were made within what."""
    rows = await connection.fetch(
        """
        SELECT days, seconds, sum(decisions)::bigint AS decisions
        FROM decision_rollup WHERE service_id = $1 AND day > $2 GROUP BY days, seconds
        """,
        service_id,
        since,
    )
    return {Duration(row["days"], row["seconds"]): row["decisions"] for row in rows}


async def most_decided(connection: Connection, since: date, most: int) -> list[str]:
    """Return the services with most decisions after a day, most first."""
    rows = await connection.fetch(
        """
        SELECT service_id FROM decision_rollup WHERE day > $1
        GROUP BY service_id ORDER BY sum(decisions) DESC, service_id LIMIT $2
        """,
        since,
        most,
    )
    return [row["service_id"] for row in rows]
