"""Who signs for a company: by the register of businesses, who may act alone, or all who may only act together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from i18n.refusal import Refused
from services.signing.errors import NobodyElse, NotARepresentative
from services.signing.signature import Signature, Signer

Registration = Mapping[str, Any]  # services/registers/holding.py, Registration


def needed(registration: Registration | None, applicant: Signer) -> list[Signer]:
    """Return who signs when `applicant` asks for the company, she first of all; refusals as `others` has them."""
    return [applicant, *others(registration, applicant.personal_number)]


def others(registration: Registration | None, personal_number: str) -> list[Signer]:
    """Return who signs for the company beside this person: nobody where she may act alone.

    Else it is the others who may only act together, or where there is none such, all others. NotARepresentative when
    she is none; NobodyElse when there is nobody to sign with her.
    """
    acting = {one["personal_number"]: one for one in (registration or {}).get("representatives", ())}
    own = acting.pop(personal_number, None)
    if own is None:
        raise NotARepresentative
    if own["alone"]:
        return []
    found = [one for one in acting.values() if not one["alone"]] or list(acting.values())
    if not found:
        raise NobodyElse
    return [Signer(one["personal_number"], _name(one)) for one in found]


def objection(registration: Registration | None, signatures: Sequence[Signature], signer: str) -> str | None:
    """Return why `signer` may not sign what was asked of these, by what the register says now; None when she may.

    The code is one of errors.FAILURES: she acts for the company no more, or others have to sign than were asked.
    """
    acting = {one["personal_number"] for one in (registration or {}).get("representatives", ())}
    if signer not in acting:
        return "no_longer_represents"
    try:
        due = needed(registration, Signer(signatures[0].personal_number, signatures[0].name))
    except Refused:  # the applicant herself acts for it no more, or nobody is left to sign with her
        return "others_represent"
    asked = {one.personal_number for one in signatures}
    return None if {one.personal_number for one in due} == asked else "others_represent"


def _name(record: Registration) -> str:
    return f"{record['given_name']} {record['family_name']}"
