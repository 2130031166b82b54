"""Who signs an application for a public service, as its definition says."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

Signers = Literal["none", "citizen", "all_parents", "company"]


class Signature(Struct, frozen=True, forbid_unknown_fields=True):
    """Who signs the application: nobody, the applicant, every living parent, or who may act for the chosen company.

    Asked only in a case where `only_if` holds; who has not signed after so many days lets the application lapse.
    """

    by: Signers
    only_if: str | None = None
    days: int = 30
