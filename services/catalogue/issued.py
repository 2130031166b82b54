"""How an issued document is laid out, from when and until when it holds, and under which conditions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from msgspec import UNSET, Struct

if TYPE_CHECKING:
    from services.catalogue.service import Document

# extract: what registers hold · decision: what was decided, why, what can be done against it · permit: what one may,
# when, on which conditions · receipt: that something was received
Variant = Literal["extract", "decision", "permit", "receipt"]


class Valid(Struct, frozen=True, forbid_unknown_fields=True):
    """From which day and until which it holds, a rule each; either may be left out."""

    since: str | None = None
    until: str | None = None


def problems(document: Document, variant: Variant) -> Iterator[tuple[str, str]]:
    """Yield what does not go together, as place and reason."""
    valid = None if document.valid is UNSET else document.valid
    if variant == "permit" and valid is None:
        yield "$.document.valid", "a permit says from when or until when it is valid"
    if valid and valid.since is None and valid.until is None:
        yield "$.document.valid", "needs since, until, or both"
    if document.conditions is not UNSET and variant != "permit":
        yield "$.document.conditions", f"only a permit has conditions, this is a document of the variant {variant}"
