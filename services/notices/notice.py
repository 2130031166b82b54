"""A notice: which words go with what happened to an application, or to what a person asked about her data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from i18n.text import Language, Text, _

Kind = Literal[
    "issued",
    "refused",
    "co_signature",
    "lapsed",
    "your_turn",
    "case_answered",
    "asked",
    "expired",
    "office_answered",
    "citizen_wrote",
    "dismissed",
    "revoked",
    "reissued",
    "correction_answered",
    "file_harmful",
]

SUBJECTS: Mapping[Kind, Text] = {
    "issued": _("Your document is ready"),
    "refused": _("Your application was refused"),
    "co_signature": _("Your signature is awaited"),
    "lapsed": _("Your application was not signed in time"),
    "your_turn": _("Your application waits for you"),
    "case_answered": _("Your question about your data is answered"),
    "asked": _("The office has a question about your application"),
    "expired": _("Your application has ended"),
    "office_answered": _("The office has written to you"),
    "citizen_wrote": _("An applicant has written to you"),
    "dismissed": _("Your appeal was dismissed"),
    "revoked": _("Your document was revoked"),
    "reissued": _("Your corrected document is ready"),
    "correction_answered": _("What you said about your document is answered"),
    "file_harmful": _("A file that you attached was deleted"),
}
BODIES: Mapping[Kind, Text] = {
    "issued": _("The document that you applied for has been issued and sealed. You can read and download it any time."),
    "co_signature": _(
        "An application needs your signature too, and whoever signs it before you has signed. It goes on when you have "
        "signed it as well. Open it to read what you would sign."
    ),
    "lapsed": _("Not everyone signed in time, so the application has ended. Nothing was charged. You can apply again."),
    "your_turn": _(
        "The register that was silent has answered. Open your application to see what it says and what you do next."
    ),
    "case_answered": _("What you asked about your data has an answer. Open it to read what was found."),
    "asked": _(
        "To decide on your application, the office needs something from you. Open it to read what, and answer there."
    ),
    "expired": _("What the office had asked was not answered in time. You can apply again at any time."),
    "office_answered": _("The office has written to you about your application. Open it to read what."),
    "citizen_wrote": _(
        "About an application that you have at the office there is a new message. Open the case to read it."
    ),
    "dismissed": _("Your appeal was decided on. Open your application to read the reasons."),
    "revoked": _(
        "A document that was issued to you is no longer valid. Open your application to read why, and do not use it any"
        " more."
    ),
    "reissued": _("In the place of the revoked document a corrected one is issued. You can download it any time."),
    "correction_answered": _(
        "You said that something is wrong in your document. Open it to read what the office found."
    ),
    "file_harmful": _(
        "Harmful software was found in a file that you attached to an application, so it was deleted. Check your "
        "device, and attach the paper again or write to the office."
    ),
    "refused": _("A decision was made on your application. Open it to read the reason and what you can do now."),
}


@dataclass(frozen=True, slots=True)
class Notice:
    """One message in the inbox of the person whom it is about: an application of a service, or a case."""

    id: UUID
    person_id: UUID
    application_id: UUID | None
    case_id: UUID | None
    reference: str
    service_id: str | None
    kind: Kind
    created_at: datetime
    read_at: datetime | None

    @property
    def page(self) -> str:
        """Where it leads, without the language."""
        if self.case_id is not None:
            return f"/data/questions/{self.case_id}"
        if self.kind == "citizen_wrote":
            return f"/office/{self.application_id}"
        address = f"/applications/{self.application_id}"
        return f"{address}/signature" if self.kind == "co_signature" else address

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
