"""What the register of addresses lets itself be told."""

from __future__ import annotations

import re
from datetime import date

from msgspec import Struct

_NUMBERED = re.compile(
    r"(?P<street>.*?[^\s,])[\s,]+(?:(?:nr|br)\.?\s*)?(?P<number>[0-9]+[A-Za-z]?(?:/[0-9A-Za-z]+)?)", re.IGNORECASE
)
_WITHOUT = "p.n."  # pa numër


class Residence(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a person lives now, and since when; the street as it is written on letters."""

    municipality: str
    settlement: str
    street: str
    since: date

    def house(self) -> tuple[str, str]:
        """Return street and number apart."""
        found = _NUMBERED.fullmatch(self.street.strip())
        return (found["street"], found["number"]) if found else (self.street.strip(), _WITHOUT)
