"""How a plan refuses."""

from __future__ import annotations

from i18n.refusal import Invalid
from i18n.text import _


class NothingChosen(Invalid):
    """No service of the life event was ticked."""

    def __init__(self) -> None:
        super().__init__({"services": _("Choose at least one service.")})
