"""What civil status lets itself be told."""

from __future__ import annotations

from msgspec import Struct


class Name(Struct, frozen=True, forbid_unknown_fields=True):
    """The name that the person bears from now on, by her own request."""

    given_name: str
    family_name: str
