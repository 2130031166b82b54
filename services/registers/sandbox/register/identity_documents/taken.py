"""What the register of identity documents lets itself be told."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class Order(Struct, frozen=True, forbid_unknown_fields=True):
    """That an identity card was applied for, why (null for the first one), and where it shall be fetched."""

    reason: Literal["expiry", "data", "damage", "loss"] | None
    municipality: str
