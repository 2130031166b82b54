"""How signing in is refused: a stable reason for the log, and one of a few sentences for the person.

Refusal
├── Refused      └── SignInFailed     the answer is a no, or cannot be trusted
└── Unreachable  └── Unreachable      the provider did not answer as agreed
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from i18n import refusal
from i18n.text import Text, _

_UNTRUSTED = _(
    "The answer of the eID could not be trusted, so you were not signed in. Start signing in again. "
    "If it happens again, tell us when you tried."
)
_TOO_LATE = _("This sign-in took too long, or it was begun in another window. Start signing in again.")
_SILENT = _("The eID does not answer at the moment. Nothing was lost. Try again in a few minutes.")
_SENTENCES: Mapping[str, Text] = {
    "cancelled": _("You stopped signing in. Nothing was changed. You can sign in whenever you like."),
    "attempt_expired": _TOO_LATE,
    "state_mismatch": _TOO_LATE,
    "code_refused": _TOO_LATE,
    "login_required": _("You are not signed in to your eID. Sign in to continue."),
    "level_unmet": _("This page needs a stronger way of signing in than your eID offers. Ask at a service centre."),
    "person_incomplete": _(
        "Your eID did not tell us who you are: the name, the date of birth or the personal number is missing. "
        "Ask for help where you received your eID."
    ),
}


class SignInFailed(refusal.Refused):
    """The provider said no, or said something that cannot be trusted; `code` is the reason, for the log."""

    def __init__(self, code: str) -> None:
        super().__init__(code, _SENTENCES.get(code, _UNTRUSTED))


Silence = Literal["eid_timeout", "eid_down", "eid_error", "eid_not_json", "eid_too_long", "eid_metadata"]


class Unreachable(refusal.Unreachable):
    """The provider hangs, is down, or answers with something that is not its protocol: try again later."""

    def __init__(self, code: Silence) -> None:
        super().__init__(code, _SILENT)
