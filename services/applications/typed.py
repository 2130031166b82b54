"""What was typed while a register was silent: which of its records was meant, now that it answers."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from services.catalogue import listed
from services.catalogue.question import Asset, Child, Listed


def named(question: Listed, applicant: Mapping[str, Any], typed: str) -> str | None:
    """Return the key of the one record that was meant, by its key or a person's first name; else None."""
    records = _children(applicant) if isinstance(question, Child) else listed.records(question, applicant)
    if typed in records:
        return typed
    more = () if isinstance(question, Asset) else ("given_name",)
    meant = [
        key for key, one in records.items() if _bare(typed) in {_bare(key), *(_bare(str(one[name])) for name in more)}
    ]
    return meant[0] if len(meant) == 1 else None


def _children(applicant: Mapping[str, Any]) -> dict[str, listed.Record]:
    return {one["personal_number"]: one for one in applicant["children"]}


def _bare(text: str) -> str:
    """Return letters and digits alone, without case and accents: "01-234 AB" is "01234ab", "Ëndrra" is "endrra"."""
    plain = unicodedata.normalize("NFKD", text.casefold()).replace("đ", "dj")
    return "".join(letter for letter in plain if letter.isalnum())
