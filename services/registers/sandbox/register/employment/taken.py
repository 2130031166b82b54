"""What the register of employment lets itself be told."""

from __future__ import annotations

from datetime import date

from msgspec import Struct


class Search(Struct, frozen=True, forbid_unknown_fields=True):
    """That the person looks for work, and since when."""

    since: date
