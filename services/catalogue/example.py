"""A worked case of a public service: what is known and answered, and what must come of it."""

from __future__ import annotations

from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from services.catalogue.signature import Signers


class Expected(Struct, frozen=True, forbid_unknown_fields=True):
    """What an example comes out as; `reason` is the id of the eligibility rule that refuses, `signers` who signs."""

    outcome: Literal["approved", "refused", "officer"]
    fee_cents: int | None = None
    reason: str | None = None
    signers: Signers | UnsetType = UNSET


class Example(Struct, frozen=True, forbid_unknown_fields=True):
    """A worked case, run whenever the definition is loaded. Facts need only hold what the case turns on."""

    title: str
    today: str
    expect: Expected
    applicant: dict[str, object] = {}
    beneficiary: dict[str, object] = {}
    company: dict[str, object] | UnsetType = UNSET
    answers: dict[str, object] = {}
