"""Who signs an application, as its definition says and the registers know."""

from __future__ import annotations

from typing import Any

from services.catalogue.company import SAYS_WHO_ACTS
from services.catalogue.rules import Values
from services.catalogue.signature import Signers
from services.signing import representative
from services.signing.errors import NotAParent
from services.signing.signature import Signer


def signers(rule: Signers, applicant: Signer, known: Values) -> list[Signer]:
    """Return who has to sign, the applicant first.

    NotAParent when parents sign and she is none of them; for a company as services/signing/representative.py says.
    """
    if rule == "none":
        return []
    if rule == "company":
        return representative.needed(known["company"].get(SAYS_WHO_ACTS), applicant)
    if rule != "all_parents":
        return [applicant]
    parents = [_parent(one) for one in known["beneficiary"].get("parents") or ()]
    if applicant.personal_number not in {one.personal_number for one in parents}:
        raise NotAParent
    return [applicant, *(one for one in parents if one.personal_number != applicant.personal_number)]


def _parent(record: dict[str, Any]) -> Signer:
    return Signer(record["personal_number"], f"{record['given_name']} {record['family_name']}")
