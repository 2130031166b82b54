"""What a decision says around its sections."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Decided:
    """Who asked for what on which law, what came out, why, and what can be done against it; in its language."""

    introduction: str
    outcome: str
    reasons: tuple[str, ...]
    remedy: str
    is_granted: bool = True
