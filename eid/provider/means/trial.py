"""Tries a PIN of a card or a phone, and the PUK that renews one: counts wrong ones, locks after the third."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog

from eid.provider.desk import Desk
from eid.provider.means import store
from eid.provider.means.code import TRIES, CodeName, Means, MeansKind, Pin, State, state_of
from eid.provider.people import hash_pin, pin_matches
from eid.provider.store import Connection

_log = structlog.get_logger("eid.means")


@dataclass(frozen=True, slots=True)
class Trial:
    """How a try went, and the state it left: unless that is `valid`, nothing was or can be tried."""

    state: State
    is_right: bool
    tries_left: int


@dataclass(frozen=True, slots=True)
class Unlocking:
    """What is typed to get a new PIN: of what and which one, the PUK, and the PIN in the place of the old."""

    kind: MeansKind
    pin: Pin
    puk: str
    new_pin: str


async def try_means(  # noqa: PLR0917 - the same six for card and phone
    connection: Connection, desk: Desk, person_id: UUID, kind: MeansKind, pin: Pin, typed: str, now: datetime
) -> Trial:
    """Return how the try went; to be committed whatever it says. One at a time: parallel guesses wait in line."""
    means = await store.find_means(connection, person_id, kind, to_try=True)
    state = state_of(means, pin, now)
    if means is None or state != "valid":
        return Trial(state, is_right=False, tries_left=0)
    return await _try(connection, desk, means, pin, typed)


async def unlock(connection: Connection, desk: Desk, person_id: UUID, typed: Unlocking, now: datetime) -> Trial:
    """Return how the try of the PUK went; when it was right, the PIN is the new one and has all its tries."""
    means = await store.find_means(connection, person_id, typed.kind, to_try=True)
    state = state_of(means, typed.pin, now)
    if means is None or state not in {"valid", "locked"}:
        return Trial(state, is_right=False, tries_left=0)
    tried = await _try(connection, desk, means, "puk", typed.puk)
    if tried.is_right:
        new_hash = await asyncio.to_thread(hash_pin, typed.new_pin, desk.secret)
        await store.renew_code(connection, means.id, typed.pin, new_hash)
        _log.info("unlocked", means=means.kind)
    return tried


async def _try(connection: Connection, desk: Desk, means: Means, name: CodeName, typed: str) -> Trial:
    code = means.codes[name]
    if await asyncio.to_thread(pin_matches, typed, code.code_hash, desk.secret):
        if code.wrong_tries:
            await store.note_code_tries(connection, means.id, name, 0)
        return Trial("valid", is_right=True, tries_left=TRIES)
    await store.note_code_tries(connection, means.id, name, code.wrong_tries + 1)
    left = code.tries_left - 1
    _log.info("code_wrong", means=means.kind, code=name, tries_left=left)
    if left:
        return Trial("valid", is_right=False, tries_left=left)
    return Trial("blocked" if name == "puk" else "locked", is_right=False, tries_left=0)
