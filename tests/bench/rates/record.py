"""Who looked at my data, and My data, in a small record and in a hundred times as large a one."""

from __future__ import annotations

from tests.bench.record import measure

__all__ = ["measure"]
