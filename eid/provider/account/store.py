"""Remembers nothing of its own: reads a person's sessions from where they are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from eid.provider.request import Level, Session
from eid.provider.store import Connection, Row
from eid.provider.trail.where import Where

_MOST = 50


@dataclass(frozen=True, slots=True)
class Opened:
    """A session as its person knows it: since when, from where, last used when, and which services learned of it."""

    id: UUID
    acr: Level
    opened_at: datetime
    seen_at: datetime
    where: Where
    told: Sequence[str]


async def sessions(connection: Connection, person_id: UUID, now: datetime) -> list[Opened]:
    """Return a person's live sessions, the last used first."""
    rows = await connection.fetch(
        """
        SELECT session.id, acr, auth_time, seen_at, browser, system, network, opened_at,
               ARRAY(SELECT client_id FROM session_client WHERE session_id = session.id ORDER BY client_id) AS told
          FROM session LEFT JOIN session_place ON session_place.session_id = session.id
         WHERE person_id = $1 AND seen_at > $2 AND auth_time > $3
         ORDER BY seen_at DESC, session.id DESC LIMIT $4
        """,
        *(person_id, now - Session.IDLE, now - Session.LONGEST, _MOST),
    )
    return [_opened(row) for row in rows]


def _opened(row: Row) -> Opened:
    return Opened(
        id=row["id"],
        acr=row["acr"],
        opened_at=row["opened_at"] or row["auth_time"],
        seen_at=row["seen_at"],
        where=Where(row["browser"] or "", row["system"] or "", row["network"] or ""),
        told=row["told"],
    )
