"""Each day ends with a signed head: the root over all reads of the day, bound to the head of the day before."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import date, datetime, timedelta

from services.registers import chain
from services.registers.audit import store
from services.registers.chain import Chain
from services.registers.seal import AuditKey, Day
from services.registers.store import Connection
from services.registers.tracker import day_of

_DAY = timedelta(days=1)


async def next_day(connection: Connection, now: datetime) -> date | None:
    """Return the first day that is over and not sealed, or None."""
    last = await store.last_day(connection)
    day = last["day"] + _DAY if last else await store.first_open_day(connection)
    return day if day is not None and day < day_of(now) else None


async def seal(connection: Connection, key: AuditKey, now: datetime) -> date | None:
    """Seal the first day that is over and not sealed; return it, or None when there is none. One transaction a day."""
    await store.hold_recording(connection)
    day = await next_day(connection, now)
    if day is None:
        return None
    last = await store.last_day(connection)
    found = await store.chains(connection, day)
    root, paths = await asyncio.to_thread(_grown, found)
    previous = hashlib.sha256(last["signed"].encode()).hexdigest() if last else None
    head = Day(day, root.hex(), len(found), sum(one.length for one in found), previous, now)
    await store.add_day(connection, day, root, found, key.sign(head), now)
    await store.save_paths(connection, day, paths)
    return day


def _grown(found: list[Chain]) -> tuple[bytes, list[tuple[Chain, bytes]]]:
    """Return the root of the day's tree, and each chain with its way there."""
    leaves = {one.leaf(): one for one in found}
    ways = chain.paths(list(leaves))
    return chain.root(list(leaves)), [(leaves[leaf], way) for leaf, way in ways.items()]
