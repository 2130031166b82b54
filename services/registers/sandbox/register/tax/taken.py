"""What the tax register lets itself be told."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct


class Payment(Struct, frozen=True, forbid_unknown_fields=True):
    """That a bill of property tax was paid, how much of it, and under which reference."""

    bill: str
    amount_cents: Annotated[int, Meta(gt=0, le=10**12)]
    reference: str
