"""A value to print, as a definition says it."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Format = Literal[
    "text", "list", "date", "municipality", "money", "sex", "country", "marital_status", "business_form", "activity"
]


class Shown(Struct, frozen=True, forbid_unknown_fields=True):
    """A value to print: a CEL expression, and how it is written in the reader's language."""

    value: str
    format: Format = "text"
