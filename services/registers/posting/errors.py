"""How telling a register fails, for now."""

from __future__ import annotations

from i18n.refusal import Refused, Unreachable
from i18n.text import _


class NotTaken(Unreachable):
    """A register was silent, late, or answered what cannot be believed: it is told again under the same id."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            "posting_not_taken", _("The register does not answer at the moment. It is told again by itself.")
        )
        self.reason = reason


class NotRefused(Refused):
    """Only what a register refused is sent again, once."""

    def __init__(self) -> None:
        super().__init__("posting_not_refused", _("Another person has already sent this again."))
