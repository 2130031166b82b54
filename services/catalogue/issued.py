"""How an issued document is laid out, from when and until when it holds, and under which conditions."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

# extract: what registers hold · decision: what was decided, why, what can be done against it · permit: what one may,
# when, on which conditions · receipt: that something was received
Variant = Literal["extract", "decision", "permit", "receipt"]


class Valid(Struct, frozen=True, forbid_unknown_fields=True):
    """From which day and until which it holds, a rule each; either may be left out."""

    since: str | None = None
    until: str | None = None
