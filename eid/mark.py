"""A signature or a seal in a file, as the file itself proves it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from i18n.format import moment
from i18n.text import Language, Text, _

Kind = Literal["signature", "seal"]
# How much of its own proof is in the file (ETSI EN 319 142-1): the signature alone, its time, what certificates were
# worth then, and a time stamp over all of it.
Level = Literal["B-B", "B-T", "B-LT", "B-LTA"]
Standing = Literal["valid", "changed", "revoked", "expired", "untrusted", "unproven"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A signature or a seal. `name` is as the certificate has it, `institution` the short name in a seal's.

    `made_at` is the proven time, None unless it holds. `is_last`: nothing was added to the file after it but what keeps
    it provable. `reason` is what it states of itself, such as on whose behalf it was given.
    """

    kind: Kind
    name: str
    institution: str | None
    made_at: datetime | None
    level: Level
    standing: Standing
    is_last: bool
    reason: str = ""


SENTENCES: Mapping[Standing, Text] = {
    "valid": _("Valid"),
    "changed": _("Not valid: what was signed has been changed"),
    "revoked": _("Not valid: the certificate was revoked"),
    "expired": _("Not valid: the certificate had expired"),
    "untrusted": _("Not trusted: the certificate is from nobody whom we know"),
    "unproven": _("Not proven: the file does not hold what is needed to tell"),
}
KINDS: Mapping[Kind, Text] = {"signature": _("Signature of a person"), "seal": _("Seal of an institution")}
LEVELS: Mapping[Level, Text] = {
    "B-B": _("B-B: the signature alone"),
    "B-T": _("B-T: with its proven time"),
    "B-LT": _("B-LT: with what proves it later"),
    "B-LTA": _("B-LTA: with what proves it for years"),
}
_LAST, _CHANGED = _("No"), _("The file itself was changed")
_OTHERS = _("Only by the signatures and seals that follow")


def rows(mark: Mark, language: Language) -> list[tuple[Text, Text | str]]:
    """Return who, when, how provable, and whether anything came after, as (label, value)."""
    after = _CHANGED if mark.standing == "changed" else _LAST if mark.is_last else _OTHERS
    return [
        (_("Name in the certificate"), mark.name),
        *([(_("What the signature states"), mark.reason)] if mark.reason else []),
        (_("Proven time"), moment(mark.made_at, language) if mark.made_at else "–"),
        (_("Level"), LEVELS[mark.level]),
        (_("Changed afterwards"), after),
    ]
