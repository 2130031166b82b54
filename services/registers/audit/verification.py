"""Names what in the record of reads is not as it was written: changed, missing or added rows, days that do not hold."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from services.registers import chain, tracker
from services.registers.audit import store
from services.registers.chain import START, Chain
from services.registers.message import Proof
from services.registers.seal import AuditKey, day_of
from services.registers.signature import Keys
from services.registers.store import Connection

_Key = tuple[date, str, date]


@dataclass(slots=True)
class Count:
    """What was gone through."""

    reads: int = 0
    chains: int = 0
    days: int = 0


@dataclass(slots=True)
class _Found:
    """One chain as its rows tell it: how many, the last position, and the hash that they come to."""

    length: int = 0
    position: int = 0
    head: bytes = START


async def faults(connection: Connection, key: AuditKey, count: Count) -> AsyncIterator[str]:
    """Yield a sentence for each fault; none when the record is whole. No sentence names a person.

    Run it in one repeatable-read transaction: a row that comes while it runs is no fault.
    """
    seen: dict[_Key, tuple[int, bytes]] = {}
    async for fault in _faults_of_reads(connection, key, count, seen):
        yield fault
    roots: dict[date, list[bytes]] = {}
    async for fault in _faults_of_chains(connection, key, count, seen, roots):
        yield fault
    async for fault in _faults_of_days(connection, key, count, roots):
        yield fault
    for row in await store.outside(connection):
        yield f"Read {row['id']} was added outside of the record: it stands in no chain."
    for row in await store.messages_alone(connection):
        yield f"The read of message {row['message_id']} is missing: the message is in the log."


async def _faults_of_reads(
    connection: Connection, key: AuditKey, count: Count, seen: dict[_Key, tuple[int, bytes]]
) -> AsyncIterator[str]:
    at: _Key | None = None
    found = _Found()
    async for row in store.every_read(connection):
        count.reads += 1
        here = (row["day"], row["subject"], row["shown_from"])
        if here != at:
            at, found = here, _Found()
        for fault in _faults_of_read(row, found, key):
            yield fault
        found.length, found.position, found.head = found.length + 1, row["position"], bytes(row["hash"])
        seen[here] = (found.position, found.head)


def _faults_of_read(row: Any, before: _Found, key: AuditKey) -> list[str]:  # noqa: ANN401 - a row of the store
    """Return what is wrong with one row; `before` is its chain up to it."""
    said: list[str] = []
    name = f"of {row['day']:%Y-%m-%d}, number {row['position']} of its chain"
    said += [
        f"A read of {row['day']:%Y-%m-%d}, number {number} of its chain, is missing before read {row['id']}."
        for number in range(before.position + 1, row["position"])
    ]
    hashed = bytes(row["hash"])
    if not key.marked(hashed, bytes(row["mark"])):
        return [*said, f"Read {row['id']} ({name}) was changed or added by someone without the key."]
    read, place = tracker.kept(row)
    assert place is not None  # noqa: S101 - the statement asks for rows in chains only
    proof = _proof(row)
    if (proof and tracker.digest(proof)) != (row["proof"] and bytes(row["proof"])):
        return [*said, f"The message {row['message_id']} of read {row['id']} ({name}) was changed or removed."]
    is_next = row["position"] == before.position + 1
    if is_next and chain.link(before.head, chain.content(read, place, row["proof"])) != hashed:
        said.append(f"Read {row['id']} ({name}) was changed.")
    return said


def _proof(row: Any) -> Proof | None:  # noqa: ANN401 - a row of the store
    if not row["has_message"]:
        return None
    return Proof(
        row["message_path"],
        row["request_hash"],
        row["request_signature"],
        row["status"],
        row["answer_hash"],
        row["answer_signature"],
    )


async def _faults_of_chains(
    connection: Connection,
    key: AuditKey,
    count: Count,
    seen: dict[_Key, tuple[int, bytes]],
    roots: dict[date, list[bytes]],
) -> AsyncIterator[str]:
    async for row in store.every_chain(connection):
        count.chains += 1
        known = Chain(row["subject"], row["day"], row["shown_from"], row["length"], bytes(row["head"]))
        length, head = seen.pop((known.day, known.subject, known.shown_from), (0, START))
        name = f"The chain {known.leaf().hex()[:16]} of {known.day:%Y-%m-%d}"
        if not key.marked(known.leaf(), bytes(row["mark"])):
            yield f"{name} was changed by someone without the key."
        for number in range(length + 1, known.length + 1):
            yield f"A read of {known.day:%Y-%m-%d}, number {number} of {known.length} in its chain, is missing there."
        if length > known.length or (length == known.length and head != known.head):
            yield f"{name} ends otherwise than its reads: a read was added or changed."
        if known.length:
            roots.setdefault(known.day, []).append(known.leaf())
    for day, _subject, _shown_from in seen:
        yield f"A chain of {day:%Y-%m-%d} is missing, though its reads are there."


async def _faults_of_days(
    connection: Connection, key: AuditKey, count: Count, roots: dict[date, list[bytes]]
) -> AsyncIterator[str]:
    keys = Keys(key.published())
    previous: str | None = None
    expected: date | None = None
    for row in reversed(await store.days(connection, None, 1_000_000)):
        count.days += 1
        name = f"The sealed day {row['day']:%Y-%m-%d}"
        head = day_of(row["signed"], keys)
        if expected is not None and row["day"] != expected:
            yield f"{name} does not follow the one before: a sealed day is missing."
        elif head is None or head.day != row["day"]:
            yield f"{name} is not signed by our key."
        elif head.previous != previous:
            yield f"{name} is not bound to the day before it."
        elif head.root != chain.root(roots.get(row["day"], [])).hex():
            lost = head.chains - len(roots.get(row["day"], []))
            yield f"{name} holds other reads than it was sealed with ({lost} chains are missing)."
        previous = hashlib.sha256(row["signed"].encode()).hexdigest()
        expected = row["day"] + timedelta(days=1)
