"""A circuit breaker: who did not answer several times in a row is left alone for a while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

LIMIT = 5
PAUSE = timedelta(seconds=15)


@dataclass(slots=True)
class Breaker:
    """Open after LIMIT failures in a row; then one request in each PAUSE may try whether the other is back."""

    failures: int = 0
    quiet_until: datetime | None = None

    def admits(self, now: datetime) -> bool:
        """Return whether a request may go out now."""
        if self.failures < LIMIT:
            return True
        if self.quiet_until is not None and now < self.quiet_until:
            return False
        self.quiet_until = now + PAUSE
        return True

    def succeeded(self) -> None:
        """Note an answer: all is well again."""
        self.failures = 0

    def failed(self, now: datetime) -> None:
        """Note a failure."""
        self.failures += 1
        self.quiet_until = now + PAUSE
