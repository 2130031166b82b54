"""How an offer refuses."""

from __future__ import annotations

from uuid import UUID

from i18n.refusal import Refused
from i18n.text import _


class NotOpen(Refused):
    """The offer was answered, or its rule holds no more."""

    def __init__(self) -> None:
        super().__init__("offer_not_open", _("This offer no longer holds."))


class Outdated(Refused):
    """The registers say something else now than when the offer was made. `draft_id`: what was begun in vain."""

    def __init__(self, draft_id: UUID) -> None:
        super().__init__(
            "offer_outdated",
            _("The register has recorded something else since this was offered, so it no longer holds."),
        )
        self.draft_id = draft_id


class OtherDraft(Refused):
    """She has begun an application for the same service about something else; `draft_id` is it."""

    def __init__(self, draft_id: UUID) -> None:
        super().__init__(
            "other_draft",
            _(
                "You have begun another application for this service. Send or delete it first; the offer waits for you"
                " meanwhile."
            ),
        )
        self.draft_id = draft_id
