"""What the register of vehicles lets itself be told."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from msgspec import Struct

_PLATE = re.compile(r"\s*(\d{2})\s*-?\s*(\d{3})\s*-?\s*([A-Za-z]{2})\s*")


class Registration(Struct, frozen=True, forbid_unknown_fields=True):
    """Until when a vehicle is registered."""

    plate: str
    valid_until: date


class Ownership(Struct, frozen=True, forbid_unknown_fields=True):
    """That a vehicle is the person's now, and who sold it, as the contract names her."""

    plate: str
    seller: str


class Deregistration(Struct, frozen=True, forbid_unknown_fields=True):
    """That a vehicle is registered no more."""

    plate: str
    reason: str


def plate(written: str) -> str:
    """Return a plate as the register writes it, `01-234-AB`; as it came when it is none."""
    found = _PLATE.fullmatch(written)
    return "-".join(found.groups()).upper() if found else written


def is_same_name(one: str, other: str) -> bool:
    """Tell whether two names have the same words, whatever their order, case and accents."""
    return _words(one) == _words(other)


def _words(name: str) -> list[str]:
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))
    return sorted(bare.casefold().split())
