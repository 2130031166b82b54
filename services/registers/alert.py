"""When a look by somebody in office must be looked at itself: at oneself, at a colleague, at a marked person."""

from __future__ import annotations

from typing import Literal

Rule = Literal["self", "colleague", "marked"]
IN_OFFICE = {"clerk", "officer"}


def raised(kind: str, *, is_self: bool, is_colleague: bool, is_marked: bool) -> list[Rule]:
    """Return the rules by which a look raises an alert; citizens and the system raise none."""
    if kind not in IN_OFFICE:
        return []
    found: dict[Rule, bool] = {"self": is_self, "colleague": is_colleague and not is_self, "marked": is_marked}
    return [rule for rule, holds in found.items() if holds]
