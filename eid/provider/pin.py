"""Tries a PIN: counts the wrong ones, locks after the third, forgets them at the right one."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog

from eid.provider import store
from eid.provider.desk import Desk
from eid.provider.people import TRIES, Enrolled, pin_matches
from eid.provider.store import Connection

_log = structlog.get_logger("eid.pin")


@dataclass(frozen=True, slots=True)
class Tried:
    """How a try went. When it was wrong, `tries_left`; with none left she is locked."""

    person: Enrolled
    is_right: bool
    tries_left: int


async def try_pin(desk: Desk, connection: Connection, person_id: UUID, pin: str, now: datetime) -> Tried | None:
    """Return how the try went, None for someone no longer enrolled. One at a time: parallel guesses wait in line."""
    person = await store.find_person(connection, person_id, to_try=True)
    if person is None:
        return None
    left = person.tries_left(now, desk.lock_lasts)
    if left == 0:
        return Tried(person, is_right=False, tries_left=0)
    if await asyncio.to_thread(pin_matches, pin, person.pin_hash, desk.secret):
        await store.note_tries(connection, person.id, 0, None)
        return Tried(person, is_right=True, tries_left=TRIES)
    await store.note_tries(connection, person.id, TRIES - left + 1, now if left == 1 else None)
    _log.info("pin_wrong", tries_left=left - 1)
    return Tried(person, is_right=False, tries_left=left - 1)
