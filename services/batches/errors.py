"""How a batch is refused."""

from __future__ import annotations

from i18n.refusal import Refused
from i18n.text import _
from services.batches.batch import MOST


class NotTogether(Refused):
    """One text and one signature are for one service in one language, and for not too many."""

    def __init__(self) -> None:
        super().__init__(
            "not_together",
            _("Choose between 1 and %(most)s applications of one service and one language, free or yours.", most=MOST),
        )


class AlreadyGiven(Refused):
    """What is signed is not signed again."""

    def __init__(self) -> None:
        super().__init__("already_given", _("You have signed these approvals already."))
