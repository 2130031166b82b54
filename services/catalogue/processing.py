"""Who decides on applications for a public service, and by when, as its definition says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import UNSET, Struct, UnsetType

Decision = Literal["rule", "officer", "two_steps"]
Silence = Literal["approval", "refusal"]
_LONGEST = 250  # working days


class Processing(Struct, frozen=True, forbid_unknown_fields=True):
    """Who decides, and within how many working days (0: at once) from the day on which all that is needed is there.

    `rule`: approved exactly when every eligibility rule holds, in the moment of submission or payment. `officer`: what
    the rules let through is decided by an officer; `two_steps`: with the opinion of a second one. `municipality` gives
    the id of the municipality whose office works it, as CEL; left out, the institution itself does. `silence` is what
    the law makes of a time limit that passed; left out, the application waits on.
    """

    decision: Decision
    days: int
    # Left out where they do not apply, so that a definition kept before there were officers is still the same one.
    silence: Silence | UnsetType = UNSET
    municipality: str | UnsetType = UNSET


def problems(processing: Processing) -> Iterator[tuple[str, str]]:
    """Yield what keeps an office from working: no time to decide in; and what a rule has no use for."""
    is_rule = processing.decision == "rule"
    if not is_rule and not 1 <= processing.days <= _LONGEST:
        yield "$.processing.days", f"must be from 1 to {_LONGEST}"
    for name, given in (("silence", processing.silence), ("municipality", processing.municipality)):
        if is_rule and given is not UNSET:
            yield f"$.processing.{name}", "a rule decides at once and in no office"
