"""How people hear that something waits for them: what they chose, and the messages that follow from it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7

from services.applications.step import Enqueue
from services.offers import store
from services.offers.offer import day_of
from services.offers.preference import Message, Preference
from services.offers.store import Connection


async def tell(connection: Connection, personal_numbers: Collection[str], enqueue: Enqueue, now: datetime) -> None:
    """Put a message on the way to each of these people who wants one, on each channel once a day."""
    for person_id, channel in await store.wishing(connection, personal_numbers):
        message_id = uuid7()
        if await store.add_message(connection, message_id, person_id, channel, day_of(now)):
            await enqueue(connection, f"offer_{channel}", str(message_id).encode())


async def preference(connection: Connection, person_id: UUID) -> Preference:
    """Return what a person chose; who chose nothing hears of it in the portal only."""
    return await store.preference(connection, person_id) or Preference()


async def choose(connection: Connection, person_id: UUID, chosen: Preference, now: datetime) -> None:
    """Keep what a person chose."""
    await store.choose(connection, person_id, chosen, now)


async def message(connection: Connection, message_id: UUID) -> Message | None:
    """Return what is to be sent; None when it has been, or the person no longer wants it."""
    return await store.message(connection, message_id)


async def sent(connection: Connection, message_id: UUID, now: datetime) -> None:
    """Note that a message was taken by the mail server or the SMS gateway."""
    await store.sent(connection, message_id, now)
