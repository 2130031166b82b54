"""What a person is told after an event for which there is no service here yet: what to do, and where."""

from __future__ import annotations

from msgspec import Struct

from i18n.text import Wording
from services.catalogue.fee import Confidence
from services.catalogue.offered import Offered


class Reminder(Struct, frozen=True, forbid_unknown_fields=True):
    """A reminder (`reminders.yaml`), told when no service is offered on the same event."""

    id: str
    names: Wording
    offered_on: Offered
    todo: Wording
    place: Wording
    url: str | None
    source: tuple[str, ...]
    confidence: Confidence
