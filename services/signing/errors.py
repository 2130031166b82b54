"""How signing is refused."""

from __future__ import annotations

from collections.abc import Mapping

from i18n.refusal import Refused
from i18n.text import Text, _


class NotAParent(Refused):
    """All parents sign, and the register does not know the applicant as one of them."""

    def __init__(self) -> None:
        super().__init__(
            "not_a_parent",
            _(
                "The civil status register does not name you as a parent of this child, so you cannot send this. Ask "
                "the civil status office of your municipality."
            ),
        )


class NotARepresentative(Refused):
    """A company's representative signs, and the register of businesses does not know the applicant as one."""

    def __init__(self) -> None:
        super().__init__(
            "not_a_representative",
            _(
                "The register of businesses does not name you as one who may act for this business, so you cannot send "
                "this for it. If the register is wrong, ask the Business Registration Agency to correct it."
            ),
        )


class NobodyElse(Refused):
    """The applicant may act for the company only with another, and the register names nobody else."""

    def __init__(self) -> None:
        super().__init__(
            "nobody_else_represents",
            _(
                "By the register of businesses you may act for this business only together with another person, and it "
                "names nobody else. Ask the Business Registration Agency to correct it."
            ),
        )


class NotNow(Refused):
    """There is nothing to sign, or not yet, or it is signed."""

    def __init__(self) -> None:
        super().__init__(
            "nothing_to_sign",
            _("There is nothing for you to sign at the moment. Look at where the application stands."),
        )


# Why a signing brought no signature, by its code; what is not here is a service that could not be understood.
FAILURES: Mapping[str, Text] = {
    "cancelled": _("You did not sign. Nothing was signed and nothing was sent; you can sign whenever you like."),
    "too_late": _("It took too long, or it was begun in another window, so nothing was signed. Start signing again."),
    "certificate_revoked": _(
        "Your signing certificate was revoked, so nothing was signed. Get a new one where you got your eID."
    ),
    "certificate_suspended": _(
        "Your signing certificate is suspended, so nothing was signed. Have it released where you got your eID."
    ),
    "certificate_expired": _(
        "Your signing certificate has expired, so nothing was signed. Renew it where you got your eID."
    ),
    "unreachable": _(
        "The signing service does not answer at the moment, so nothing was signed. Nothing is lost. Try again in a few "
        "minutes."
    ),
    "no_credential": _("Your eID has no signing certificate, so you cannot sign. Get one where you got your eID."),
    "certificate_unusable": _(
        "Your signing certificate cannot be used, so nothing was signed. Ask where you got your eID."
    ),
    "phone_unusable": _(
        "No code can be sent to your phone: its PIN is locked, or it is not registered any more. Look at your eID."
    ),
    "no_longer_represents": _(
        "The register of businesses does not name you any more as one who may act for this business, so you cannot "
        "sign for it. Nothing was signed."
    ),
    "others_represent": _(
        "By the register of businesses other people have to sign for this business now than when this was sent, so "
        "nothing was signed. Whoever applied can change the application and send it again; then the right people are "
        "asked."
    ),
    "register_unreachable": _(
        "The register of businesses does not answer at the moment, so nobody can sign for a business and nothing was "
        "signed. Nothing is lost. Try again in a few minutes."
    ),
    "another_person": _(
        "The signature is not yours: it came from another person's eID. Nothing was signed. Sign with your own eID."
    ),
}
OTHERWISE = _(
    "The answer of the signing service could not be trusted, so nothing was signed. Start signing again. If it happens "
    "again, tell us when you tried."
)


def sentence(code: str) -> Text:
    """Return what to say of a signing that brought no signature."""
    return FAILURES.get(code, OTHERWISE)
