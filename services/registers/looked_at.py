"""What anyone may look at in the portal: every fact of the registers, and the files that people attached themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from i18n.text import Wording
from services.registers import record
from services.registers.source import FACTS, Register, Source

ATTACHMENT = "attachment"
_envelope: Any = record.Envelope
# No register keeps these, and none is asked for them: so they are no fact.
LOOKED_AT: Mapping[str, Source] = {
    **FACTS,
    ATTACHMENT: Source(
        Register(
            "attachments",
            Wording("Skedarët e bashkëngjitur", "Priloženi fajlovi", "Attached files"),
            "ashi",
            Wording(
                "Agjencia e Shoqërisë së Informacionit",
                "Agencija za informaciono društvo",
                "Agency for Information Society",
            ),
            "XK/GOV/ASHI/portal",
        ),
        "attachments",
        Wording("Skedar i bashkëngjitur", "Priložen fajl", "Attached file"),
        msgspec.json.Decoder(_envelope[Any]),
    ),
}
