"""A case: a person's question about a look at her data, or her word that a register is wrong."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from i18n.format import KOSOVO
from i18n.text import Text, _

Kind = Literal["access", "correction"]
Outcome = Literal["justified", "unjustified", "corrected", "kept"]

# Law 06/L-082 gives who answers for data one month to answer the person whom they are about.
ANSWERED_WITHIN = timedelta(days=30)
LONGEST = 2000  # letters of a question or an answer
OUTCOMES: Mapping[Kind, tuple[Outcome, ...]] = {
    "access": ("justified", "unjustified"),
    "correction": ("corrected", "kept"),
}
SAID: Mapping[Outcome, Text] = {
    "justified": _("The look was lawful"),
    "unjustified": _("The look was not lawful"),
    "corrected": _("The register was corrected"),
    "kept": _("The register stays as it is"),
}
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U


@dataclass(frozen=True, slots=True)
class Case:
    """One question and, once it is there, its answer.

    `institution` is the id of who answers: for a look its data protection officer, for a wrong entry the register's
    owner. `read_id` names the look; `register` and `fact` what it is about; `about` is the personal number of the
    person's child, or the company that she acts for as X-Road names it, None for herself. `text` is what the person
    wrote.
    """

    id: UUID
    reference: str
    kind: Kind
    person_id: UUID
    institution: str
    read_id: UUID | None
    register: str
    fact: str
    about: str | None
    text: str
    asked_at: datetime
    answer_by: date
    answer: str | None = None
    outcome: Outcome | None = None
    answered_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it waits for its answer."""
        return self.answered_at is None

    def is_late(self, now: datetime) -> bool:
        """Tell whether its answer should have come by now."""
        return self.is_open and now.astimezone(KOSOVO).date() > self.answer_by


def answer_by(now: datetime) -> date:
    """Return the last day on which an answer to what is asked now is in time."""
    return (now.astimezone(KOSOVO) + ANSWERED_WITHIN).date()


def new_reference(kind: Kind, now: datetime) -> str:
    """Return a fresh reference: `Q-2026-7K3M9QF2` for a question, `C-…` for a correction."""
    letter = "Q" if kind == "access" else "C"
    code = "".join(secrets.choice(_ALPHABET) for _each in range(8))
    return f"{letter}-{now.astimezone(KOSOVO).year}-{code}"
