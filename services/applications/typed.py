"""What was typed while a register was silent: which of its records was meant, now that it answers."""

from __future__ import annotations

import unicodedata
from typing import Any

from services.catalogue.service import Asset, Child


def named(question: Child | Asset, records: list[dict[str, Any]], typed: str) -> str | None:
    """Return the key of the one record that was meant, by its key or a child's first name; else None."""
    key, *more = ("personal_number", "given_name") if isinstance(question, Child) else (question.key,)
    if any(record[key] == typed for record in records):
        return typed
    meant = [one for one in records if _bare(typed) in {_bare(str(one[name])) for name in (key, *more)}]
    return str(meant[0][key]) if len(meant) == 1 else None


def _bare(text: str) -> str:
    """Return letters and digits alone, without case and accents: "01-234 AB" is "01234ab", "Ëndrra" is "endrra"."""
    plain = unicodedata.normalize("NFKD", text.casefold()).replace("đ", "dj")
    return "".join(letter for letter in plain if letter.isalnum())
