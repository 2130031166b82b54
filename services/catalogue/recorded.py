"""What a register is told once it is decided or paid: which one, about whom, what, and by which law.

Expressions are CEL (see `rules.py`) and may name what every rule of the definition may, and besides
    application.reference    the application's reference number
    application.fee_cents    what was due for it
"""

from __future__ import annotations

from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from i18n.text import Wording

After = Literal["decision", "payment"]


class Recorded(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """After an approval, or when the fee is paid, `register` is told `fields` by its service, where `only_if` holds.

    It is about the applicant, or the beneficiary; about a company, she tells it as who acts for it.
    """

    after: After
    register: str
    service: str
    about: Literal["applicant", "beneficiary", "company"] = "applicant"
    fields: dict[str, str]
    purpose: Wording
    legal_basis: Wording
    only_if: str | UnsetType = UNSET

    @property
    def target(self) -> str:
        """Return the name under which registers let themselves be told it."""
        return f"{self.register}/{self.service}"
