"""What the register of businesses lets itself be told."""

from __future__ import annotations

from datetime import date

from msgspec import Struct


class Founding(Struct, frozen=True, forbid_unknown_fields=True):
    """That the person trades in her own name, under which name, with what (NACE Rev. 2) and from where."""

    name: str
    activity: str
    municipality: str
    settlement: str
    street: str


class Closing(Struct, frozen=True, forbid_unknown_fields=True):
    """That a business that the person acts for closes, and when."""

    number: str
    closed_on: date
