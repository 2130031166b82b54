"""How signing in and signing are refused: a stable reason for the log, and one of a few sentences for the person.

Refusal
├── Refused      ├── SignInFailed     the answer is a no, or cannot be trusted
│                └── NotSigned        so it is when somebody was to sign
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
_AT_ODDS = _(
    "The eID and this portal do not understand each other at the moment, so you were not signed in. Nothing was lost. "
    "Try again later. If it happens again, tell us when you tried."
)
_SENTENCES: Mapping[str, Text] = {
    "another_person": _(
        "Somebody else signed in at the eID than who is signed in here. Nothing was changed, and you are still signed "
        "in as before. To use this page as another person, sign out first."
    ),
    "answered_error": _AT_ODDS,
    "client_refused": _AT_ODDS,
    "request_refused": _AT_ODDS,
    "eid_busy": _SILENT,
    "person_of_another_country": _(
        "Your eID is of another country, and this portal knows people by their Kosovo personal number. "
        "Ask at a service centre what you can do."
    ),
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


_ANSWERED_NO = {
    "access_denied": "cancelled",
    "user_cancel": "cancelled",  # TARA's and GovSSO's own word
    "login_required": "login_required",
    "interaction_required": "login_required",
    "consent_required": "login_required",
    "account_selection_required": "login_required",
    "unmet_authentication_requirements": "level_unmet",
    "temporarily_unavailable": "eid_busy",
    "server_error": "eid_busy",
}


def answered_no(error: object, otherwise: str = "answered_error") -> str:
    """Return our reason for what a provider calls an error (OpenID Connect Core, 3.1.2.6)."""
    return _ANSWERED_NO.get(error, otherwise) if isinstance(error, str) else otherwise


class SignInFailed(refusal.Refused):
    """The provider said no, or said something that cannot be trusted; `code` is the reason, for the log."""

    def __init__(self, code: str) -> None:
        super().__init__(code, _SENTENCES.get(code, _UNTRUSTED))


class NotSigned(refusal.Refused):
    """Nothing was signed: `code` says why. The sentence for people goes with the code (services/signing/errors.py)."""

    def __init__(self, code: str) -> None:
        super().__init__(code, Text(code))


Silence = Literal["eid_timeout", "eid_down", "eid_error", "eid_not_json", "eid_too_long", "eid_metadata"]


class Unreachable(refusal.Unreachable):
    """The provider hangs, is down, or answers with something that is not its protocol: try again later."""

    def __init__(self, code: Silence) -> None:
        super().__init__(code, _SILENT)
