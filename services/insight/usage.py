"""Which services people use most: what was decided most often of late."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from services.insight import store
from services.insight.pace import WINDOW
from services.insight.store import Connection


async def most_used(connection: Connection, today: date, most: int) -> Sequence[str]:
    """Return the ids of at most so many services, first the one with most decisions in the last 90 days."""
    return await store.most_decided(connection, today - WINDOW, most)
