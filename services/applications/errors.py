"""How an application is refused, beside what its life does not allow (see `application.py`)."""

from __future__ import annotations

from i18n.refusal import Refused
from i18n.text import _


class ChangedElsewhere(Refused):
    """Another device changed the application since this page was shown."""

    def __init__(self) -> None:
        super().__init__(
            "changed_elsewhere",
            _("This application was changed meanwhile, perhaps on another device. Look at it again, then submit it."),
        )


class Incomplete(Refused):
    """A question is not answered yet."""

    def __init__(self) -> None:
        super().__init__("incomplete", _("Some questions are not answered yet. Answer them, then submit."))


class AnotherDraft(Refused):
    """An application is to be a draft again while another draft of the same service is open."""

    def __init__(self) -> None:
        super().__init__(
            "another_draft",
            _(
                "You have meanwhile begun another application for this service. Send or delete that draft first; then "
                "you can change this one."
            ),
        )


class AlreadyPaid(Refused):
    """A second payment arrived for an application that is paid."""

    def __init__(self) -> None:
        super().__init__("already_paid", _("The fee of this application is already paid."))


class AlreadyRated(Refused):
    """A finished application is rated once."""

    def __init__(self) -> None:
        super().__init__("already_rated", _("You have already rated this service for this application. Thank you."))
