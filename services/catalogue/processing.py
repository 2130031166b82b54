"""Who decides on applications for a public service, and by when, as its definition says."""

from __future__ import annotations

from typing import Literal

from msgspec import UNSET, Struct, UnsetType

Decision = Literal["rule", "officer", "two_steps"]
Silence = Literal["approval", "refusal"]


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
