"""The words of the office: its acts, its kinds of message, and templates for the reasons of a decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast
from uuid import UUID

from uuid_utils.compat import uuid7

from i18n.text import Text, _
from services.applications.application import Application, State
from services.applications.member import Member
from services.applications.office.message import Kind
from services.applications.office.writing import may_write
from services.catalogue.service import Service

Name = Literal[
    "request", "second-opinion", "opinion", "handover", "approval", "refusal", "uphold", "dismissal", "message", "note"
]


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to do with a case: its heading, what the text is for, and who reads it."""

    title: Text
    label: Text
    hint: Text


_SHE_READS = _("The applicant reads this. Write it in the language of the application.")
_WE_READ = _("Only the office reads this.")
ACTS: Mapping[Name, Act] = {
    "request": Act(_("Ask the applicant"), _("What is needed, and why?"), _SHE_READS),
    "second-opinion": Act(_("Ask for a second opinion"), _("What should the second officer look at?"), _WE_READ),
    "opinion": Act(_("Give an opinion"), _("Your opinion, with its reasons"), _WE_READ),
    "approval": Act(_("Approve the application"), _("Reasons of the decision"), _SHE_READS),
    "refusal": Act(_("Refuse the application"), _("Reasons of the decision"), _SHE_READS),
    "uphold": Act(_("Uphold the appeal"), _("Reasons of the decision"), _SHE_READS),
    "dismissal": Act(_("Dismiss the appeal"), _("Reasons of the decision"), _SHE_READS),
    "message": Act(_("Write to the applicant"), _("Message"), _SHE_READS),
    "handover": Act(_("Hand over to a colleague"), _("What should your colleague know?"), _WE_READ),
    "note": Act(_("Leave a note"), _("Note"), _WE_READ),
}
DONE: Mapping[Name, Text] = {
    "request": _("The applicant has been asked. The time limit stands still until the answer."),
    "second-opinion": _("Another officer has been asked for an opinion."),
    "opinion": _("Your opinion is kept. The case is back with who asked for it."),
    "approval": _("The application is approved. The document is being made."),
    "refusal": _("The application is refused. The applicant is told the reasons."),
    "uphold": _("The appeal is upheld and the application approved. The document is being made."),
    "dismissal": _("The appeal is dismissed. The applicant is told the reasons."),
    "message": _("Your message is sent. The applicant is told."),
    "handover": _("Your colleague has the case now."),
    "note": _("Your note is kept."),
}
KINDS: Mapping[Kind, Text] = {
    "request": _("Asked the applicant"),
    "reply": _("The applicant answered"),
    "note": _("Note"),
    "hand_over": _("Handed over"),
    "opinion_request": _("Asked for a second opinion"),
    "opinion": _("Second opinion"),
    "decision": _("Decision"),
    "appeal": _("Appeal"),
    "appeal_decision": _("Decision on the appeal"),
    "message": _("Message from the applicant"),
    "answer": _("Message to the applicant"),
}
TO_HER: Mapping[str, Text] = {
    "request": _("The office asks"),
    "reply": _("Your answer"),
    "decision": _("Reasons of the decision"),
    "appeal": _("Your appeal"),
    "appeal_decision": _("Decision on the appeal"),
    "message": _("You wrote"),
    "answer": _("The office wrote"),
}
# Said in the language of the application; an officer completes them.
TEMPLATES: Mapping[Name, Mapping[str, tuple[Text, Text]]] = {
    "approval": {
        "met": (
            _("Conditions met"),
            _("What you stated was compared with the registers. The conditions of the law are met."),
        ),
    },
    "refusal": {
        "unproven": (
            _("Not proven"),
            _("What you stated is not shown by the registers nor by what you answered, so it cannot be granted."),
        ),
        "unmet": (
            _("Conditions not met"),
            _("The conditions that the law sets for this are not met in your case."),
        ),
    },
}


def possible(application: Application, service: Service, member: Member) -> list[Name]:
    """Return what this member may do with the application now, in the order in which it is mostly done."""
    decides = member.decides_at(application.desk or "")
    if application.officer_id != member.person_id:
        is_opinion_due = application.state is State.AWAITING_OPINION and decides
        return ["opinion", "note"] if is_opinion_due else ["note"]
    if application.state is State.APPEALED:
        return ["uphold", "dismissal", "message", "note"]
    if application.state is not State.IN_REVIEW:
        return ["message", "note"] if may_write(application) else ["note"]
    decisions: list[Name] = ["approval", "refusal"] if decides else []
    opinion: list[Name] = ["second-opinion"] if service.processing.decision == "two_steps" else []
    return [*decisions, "request", "message", *opinion, "handover", "note"]


def done(name: str) -> Text | None:
    """Return what to say after an act; None for what is none."""
    return DONE.get(cast("Name", name))


def number(typed: str) -> int:
    """Return the revision that a form was shown with; -1, which no application has, for anything else."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1  # noqa: PLR2004 - an integer


def new_id() -> UUID:
    """Return an id for a look into what we hold: no message went to a register."""
    return uuid7()
