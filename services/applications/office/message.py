"""What is said about an application: between the office and its person, and within the office."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct

from i18n.refusal import Invalid
from i18n.text import Text, _
from services.applications.form import clean

# message: hers · answer: the office's
Kind = Literal[
    "request",
    "reply",
    "note",
    "hand_over",
    "opinion_request",
    "opinion",
    "decision",
    "appeal",
    "appeal_decision",
    "message",
    "answer",
]
# What she may read.
TO_CITIZEN: frozenset[Kind] = frozenset(
    {"request", "reply", "decision", "appeal", "appeal_decision", "message", "answer"}
)
LONGEST = 4000
_EMPTY = _("Write what you want to say.")


class Message(Struct, frozen=True, kw_only=True):
    """One message; it stays as it was written. Without an author the law decided, by silence.

    `questions` are the ids of those that a request asks to answer again; `is_for` is an opinion's; `files` are named
    as answers name them.
    """

    id: UUID
    application_id: UUID
    kind: Kind
    author_id: UUID | None
    text: str
    questions: tuple[str, ...] = ()
    is_for: bool | None = None
    files: tuple[dict[str, Any], ...] = ()
    at: datetime
    author: str = ""


def written(text: str, empty: Text = _EMPTY) -> str:
    """Return what was typed as it is kept; Invalid when it is nothing (`empty` says so) or too much."""
    kept = clean(text, lines=True)
    if not kept:
        raise Invalid({"text": empty})
    if len(kept) > LONGEST:
        raise Invalid(
            {"text": _("Write at most %(most)s characters; it is %(length)s now.", most=LONGEST, length=len(kept))}
        )
    return kept
