"""How long a service really takes: within what half of its applications were decided of late, and nine of ten."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from msgspec import Struct

from services.applications.duration import Duration
from services.insight import store
from services.insight.store import Connection

WINDOW = timedelta(days=90)
SHOWN_FROM = 10  # fewer decisions would tell little, and perhaps whose they were


class Pace(Struct, frozen=True):
    """Within what half of the applications were decided, and nine of ten."""

    half: Duration
    most: Duration


async def of(connection: Connection, service_id: str, today: date) -> Pace | None:
    """Return the pace of a service over the last 90 days; None as long as fewer than ten decisions were made."""
    counts = await store.durations(connection, service_id, today - WINDOW)
    if sum(counts.values()) < SHOWN_FROM:
        return None
    return Pace(percentile(counts.items(), 50), percentile(counts.items(), 90))


def percentile(counts: Iterable[tuple[Duration, int]], percent: int) -> Duration:
    """Return the least duration that so many per cent of all do not exceed (by nearest rank)."""
    ordered = sorted(counts)
    wanted = sum(count for _duration, count in ordered) * percent
    reached = 0
    for duration, count in ordered:
        reached += count
        if reached * 100 >= wanted and count:
            return duration
    raise ValueError("nothing was counted")
