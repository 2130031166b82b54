"""What goes wrong with a register on request: for demonstrations, and off unless the settings say otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from i18n.text import Text, _

LONGEST = timedelta(hours=12)
SLOWEST = 60.0  # seconds


class Kind(StrEnum):
    """In which way a register is out of order."""

    DOWN = "down"
    SLOW = "slow"
    HTML = "html"
    WRONG_PERSON = "wrong_person"
    STALE_SIGNATURE = "stale_signature"


NAMES: Mapping[Kind, Text] = {
    Kind.DOWN: _("Does not work"),
    Kind.SLOW: _("Answers after ten seconds"),
    Kind.HTML: _("Answers with a web page"),
    Kind.WRONG_PERSON: _("Answers with another person's record"),
    Kind.STALE_SIGNATURE: _("Signs with the time of two days ago"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of one register, until when; `seconds` is how late a slow one answers."""

    kind: Kind
    until: datetime
    seconds: float = 10.0


class Faults:
    """The faults in force. They live as long as the program: what was broken on purpose is whole after a restart."""

    def __init__(self) -> None:
        self._faults: dict[str, Fault] = {}

    def of(self, register: str, now: datetime) -> Fault | None:
        """Return the register's fault, if one is in force."""
        fault = self._faults.get(register)
        return fault if fault is not None and now < fault.until else None

    def make(self, register: str, fault: Fault) -> None:
        """Put a register out of order."""
        self._faults[register] = fault

    def mend(self, register: str) -> None:
        """Let a register work again."""
        self._faults.pop(register, None)
