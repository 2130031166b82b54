"""Why an attached file cannot be opened."""

from __future__ import annotations

from i18n.refusal import Refused
from i18n.text import _


class NotScanned(Refused):
    """Nobody opens what the scanner has not seen."""

    def __init__(self) -> None:
        super().__init__(
            "not_scanned",
            _("This file waits to be checked for harmful software. It can be opened as soon as that is done."),
        )


class Harmful(Refused):
    """It is not kept."""

    def __init__(self) -> None:
        super().__init__("harmful", _("Harmful software was found in this file, so it was deleted."))
