"""Taking a document back: on which grounds, proposed by one officer and confirmed by another, and a corrected one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, get_args
from uuid import UUID

from msgspec import Struct

from i18n.refusal import Invalid, Refused
from i18n.text import Text, _

Ground = Literal["wrong_data", "issued_in_error", "false_statement", "legal_basis_gone"]
Facts = Literal["decided", "fresh"]  # of which a corrected document is made: those of the decision, or those of now
State = Literal["open", "confirmed", "dropped"]
LONGEST = 2000  # characters of an officer's or a citizen's own words

# In general words, for anyone who verifies: never whose it is, nor what exactly was wrong.
GROUNDS: Mapping[Ground, Text] = {
    "wrong_data": _("It stated something that was not right."),
    "issued_in_error": _("It was issued by mistake."),
    "false_statement": _("It was obtained by a statement that was not true."),
    "legal_basis_gone": _("What it was issued for no longer holds."),
}


class Proposal(Struct, frozen=True, kw_only=True):
    """What an officer proposes: to revoke a document on a ground, with words of her own to its person (`text`).

    `facts` says of which facts a corrected document is made in its place; None where none is made. `failure` is the
    code of why none can be made after all, and `told_at` when its office wrote that to its person.
    """

    id: UUID
    document_id: UUID
    desk: str
    ground: Ground
    text: str
    facts: Facts | None
    proposed_by: UUID
    proposed_at: datetime
    state: State
    settled_by: UUID | None = None
    settled_at: datetime | None = None
    failure: str | None = None
    told_at: datetime | None = None


class Correction(Struct, frozen=True, kw_only=True):
    """What a person says is wrong in her document, and what her office answered."""

    id: UUID
    document_id: UUID
    person_id: UUID
    text: str
    asked_at: datetime
    answer: str | None = None
    answered_at: datetime | None = None


class AlreadySettled(Refused):
    """Of two officers one was faster."""

    def __init__(self) -> None:
        super().__init__("revocation_settled", _("Another officer was faster: this has been dealt with already."))


class AlreadyRevoked(Refused):
    """A document is revoked once."""

    def __init__(self) -> None:
        super().__init__("already_revoked", _("This document is revoked already, or its revocation is proposed."))


class AnotherConfirms(Refused):
    """Two people, never one twice."""

    def __init__(self) -> None:
        super().__init__("another_confirms", _("You proposed this yourself: another officer confirms it."))


class AlreadyAsked(Refused):
    """One question about a document at a time, and none about one that is revoked."""

    def __init__(self) -> None:
        super().__init__("correction_asked", _("The office already looks into what you said about this document."))


def ground_of(chosen: str) -> Ground:
    """Return the ground that was chosen; Invalid when it is none."""
    for ground in get_args(Ground):
        if ground == chosen:
            return ground
    raise Invalid({"ground": _("Choose why the document is revoked.")})


def facts_of(chosen: str) -> Facts | None:
    """Return of which facts a corrected document is made; Invalid when nothing was chosen."""
    if chosen == "none":
        return None
    for facts in get_args(Facts):
        if facts == chosen:
            return facts
    raise Invalid({"facts": _("Choose whether a corrected document is issued.")})


def written(text: str, *, optional: bool = False) -> str:
    """Return what was typed as it is kept; Invalid when it is nothing or too much."""
    kept = "".join(sign for sign in text.strip() if sign in "\n\t" or sign.isprintable())
    if not kept and not optional:
        raise Invalid({"text": _("Write what you want to say.")})
    if len(kept) > LONGEST:
        length = len(kept)
        raise Invalid(
            {"text": _("Write at most %(most)s characters; it is %(length)s now.", most=LONGEST, length=length)}
        )
    return kept
