"""How a case refuses."""

from __future__ import annotations

from i18n.refusal import Refused
from i18n.text import _


class AlreadyAnswered(Refused):
    """An answer stands for good."""

    def __init__(self) -> None:
        super().__init__("case_already_answered", _("This case has been answered already."))


class WrongOutcome(Refused):
    """A look is lawful or not; a register is corrected or stays: nothing else."""

    def __init__(self) -> None:
        super().__init__("case_wrong_outcome", _("This outcome does not belong to this kind of case."))
