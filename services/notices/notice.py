"""A notice: which words go with what happened to an application."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from i18n.text import Language, Text, _

Kind = Literal["issued", "refused"]

SUBJECTS: Mapping[Kind, Text] = {
    "issued": _("Your document is ready"),
    "refused": _("Your application was refused"),
}
BODIES: Mapping[Kind, Text] = {
    "issued": _("The document that you applied for has been issued and sealed. You can read and download it any time."),
    "refused": _("A decision was made on your application. Open it to read the reason and what you can do now."),
}


@dataclass(frozen=True, slots=True)
class Notice:
    """One message in the inbox of the person whose application it is about."""

    id: UUID
    person_id: UUID
    application_id: UUID
    reference: str
    service_id: str
    kind: Kind
    created_at: datetime
    read_at: datetime | None

    @property
    def subject(self) -> Text:
        """What it is about, in a few words."""
        return SUBJECTS[self.kind]

    @property
    def body(self) -> Text:
        """What it says."""
        return BODIES[self.kind]


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail needs: to whom, in which language, about what; never what is in the document."""

    notice: Notice
    email: str
    language: Language
    given_name: str
