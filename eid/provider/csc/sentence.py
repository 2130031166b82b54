"""What is said of a certificate that cannot sign: what is wrong, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from eid.provider.signing.credential import State
from i18n.text import Sayable, _


@dataclass(frozen=True, slots=True)
class Unable:
    """Why a certificate cannot sign: the page's title, what happened, what to do."""

    title: Sayable
    lead: Sayable
    advice: Sayable


def unable(state: State) -> Unable:
    """Return what is said of a certificate in a state other than valid."""
    return _UNABLE[state]


_RENEW = _("Apply for a new certificate at a document centre. Nothing was signed.")
_UNABLE: Mapping[State, Unable] = {
    "expired": Unable(
        _("Your certificate has expired"),
        _("A certificate for signing is valid for two years, and yours has ended."),
        _RENEW,
    ),
    "revoked": Unable(
        _("Your certificate is revoked"),
        _("It was taken back for good, by you or by its issuer, so nothing can be signed with it any more."),
        _RENEW,
    ),
    "suspended": Unable(
        _("Your certificate is suspended"),
        _("It is on hold, at your wish or its issuer's, and nothing can be signed with it until it is resumed."),
        _("Ask a document centre to resume it, then start again at the service. Nothing was signed."),
    ),
}
