"""How long a decision took, as it is counted: in seconds where it was made at once, else in working days."""

from __future__ import annotations

from bisect import bisect_left
from datetime import datetime
from typing import NamedTuple

from i18n.format import KOSOVO
from services.applications.deadlines import working_days

_SECONDS = (1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600)
_MOST_DAYS = 365


class Duration(NamedTuple):
    """Within so many working days; of what was decided within the hour, 0 days and within so many seconds."""

    days: int
    seconds: int


def between(submitted_at: datetime, decided_at: datetime) -> Duration:
    """Return within what an application was decided: whole working days, one at least, 365 at most."""
    elapsed = (decided_at - submitted_at).total_seconds()
    if elapsed <= _SECONDS[-1]:
        return Duration(0, _SECONDS[bisect_left(_SECONDS, elapsed)])
    days = working_days(submitted_at.astimezone(KOSOVO).date(), decided_at.astimezone(KOSOVO).date())
    return Duration(min(max(days, 1), _MOST_DAYS), 0)
