"""A question that a client has put to somebody's phone (CIBA), and how often it may look for the answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from eid.provider.request import Level

LIVES = timedelta(seconds=120)
INTERVAL = 5  # seconds between two looks, and what each look that comes too soon adds (CIBA Core 1.0, section 11)
FETCHED_WITHIN = timedelta(seconds=60)  # an answer given in the last second can still be fetched
KEPT = timedelta(minutes=10)
MOST_WAITING, MOST_OF_A_CLIENT, MOST_LATELY = 3, 1, 8  # for one person: at once, of one client, and while they are kept
_EARLY = timedelta(seconds=0.5)  # the clocks of two machines


@dataclass(frozen=True, slots=True)
class Question:
    """Who asks whom for what; `polled_at`: when the client looked last."""

    id_hash: bytes
    client_id: str
    person_id: UUID
    approval_id: UUID
    scope: str
    acr: Level
    created_at: datetime
    expires_at: datetime
    interval_seconds: int = INTERVAL
    polled_at: datetime | None = None
    fetched_at: datetime | None = None

    def is_impatient(self, now: datetime) -> bool:
        """Tell whether the client looks again too soon."""
        between = timedelta(seconds=self.interval_seconds) - _EARLY
        return self.polled_at is not None and now - self.polled_at < between
