"""How an office is refused."""

from __future__ import annotations

from i18n.refusal import Refused
from i18n.text import _


class HeldByAnother(Refused):
    """Only who has the application acts on it."""

    def __init__(self) -> None:
        super().__init__("held_by_another", _("Another person has this application. Take it first."))


class OnlyOfficers(Refused):
    """A clerk prepares; an officer decides."""

    def __init__(self) -> None:
        super().__init__("only_officers", _("Only an officer decides or gives an opinion."))


class FourEyes(Refused):
    """Two people, never one twice: an opinion and a decision come from different officers."""

    def __init__(self) -> None:
        super().__init__(
            "four_eyes",
            _("This decision takes two people: one gives an opinion, another one decides. Ask for an opinion first."),
        )


class OwnOpinion(Refused):
    """Who asks for an opinion does not give it."""

    def __init__(self) -> None:
        super().__init__(
            "own_opinion", _("You have this application yourself: the opinion comes from another officer.")
        )


class NotAColleague(Refused):
    """An application is handed over within its desk."""

    def __init__(self) -> None:
        super().__init__("not_a_colleague", _("Choose somebody of your own office."))


class AlreadyInvolved(Refused):
    """An appeal is decided by somebody who had no say in what it is against."""

    def __init__(self) -> None:
        super().__init__(
            "already_involved",
            _("You decided on this application or gave an opinion: another officer decides on the appeal."),
        )


class TooLateToAppeal(Refused):
    """The time limit for an appeal has passed."""

    def __init__(self) -> None:
        super().__init__("too_late_to_appeal", _("The time limit for an appeal has passed."))
