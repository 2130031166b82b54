"""How far seeding has come, and how long it will take yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import TextIO

_WIDTH = 30
_LINES = 10  # for the whole, where nobody looks at a terminal


class Bar:
    """A bar on a terminal; elsewhere, a line for each tenth of a large population."""

    def __init__(self, people: int, out: TextIO, clock: Callable[[], float]) -> None:
        self._people = people
        self._out = out
        self._clock = clock
        self._begun: tuple[float, int] | None = None
        self._said = 0

    def at(self, living: int) -> None:
        """Show that so many live in the registers by now."""
        now, share = self._clock(), min(1.0, living / self._people)
        if self._begun is None:  # what an earlier run has done says nothing of how fast this one is
            self._begun = now, living
        if self._out.isatty():
            filled = int(share * _WIDTH)
            bar = "█" * filled + "░" * (_WIDTH - filled)
            self._out.write(f"\r{bar} {share:4.0%}  {living} people  {self._left(now, living)}   ")
            self._out.flush()
        elif self._said < int(share * _LINES) < _LINES:
            self._said = int(share * _LINES)
            self._out.write(f"{share:.0%}: {living} people, {self._left(now, living)}\n")
            self._out.flush()

    def _left(self, now: float, living: int) -> str:
        begun, before = self._begun or (now, living)
        if living <= before:
            return "…"
        seconds = round((now - begun) * max(0, self._people - living) / (living - before))
        return f"{seconds // 60}:{seconds % 60:02d} left"

    def end(self) -> None:
        """Leave the bar's line."""
        if self._begun is not None and self._out.isatty():
            self._out.write("\n")
