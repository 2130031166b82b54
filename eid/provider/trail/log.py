"""The one way in which anything gets into a person's trail."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7

from eid.provider.request import Level, Session
from eid.provider.store import Connection
from eid.provider.trail import store
from eid.provider.trail.entry import Entry, Event, Outcome
from eid.provider.trail.where import Where

NOWHERE = Where()


async def note(
    connection: Connection,
    person_id: UUID,
    event: Event,
    *,
    now: datetime,
    outcome: Outcome = "done",
    client_id: str | None = None,
    means: str | None = None,
    acr: Level | None = None,
    where: Where = NOWHERE,
) -> None:
    """Write down what happened. `where`: `Browser.where` of the browser in which it did; none for a service's call."""
    await store.save(connection, Entry(uuid7(), person_id, event, outcome, client_id, means, acr, where, now))


async def note_sign_in(
    connection: Connection, session: Session, where: Where, *, client_id: str, means: str, now: datetime
) -> None:
    """Write down that a person signed in, and from where her session is used."""
    await store.note_place(connection, session.id, where, now)
    await note(
        connection,
        session.person_id,
        "sign_in",
        client_id=client_id,
        means=means,
        acr=session.acr,
        where=where,
        now=now,
    )


async def note_try(
    connection: Connection, person_id: UUID, tries_left: int, *, now: datetime, means: str, where: Where
) -> None:
    """Write down that a PIN was wrong, and whether that locked it."""
    outcome: Outcome = "wrong" if tries_left else "locked"
    await note(connection, person_id, "pin", now=now, outcome=outcome, means=means, where=where)
