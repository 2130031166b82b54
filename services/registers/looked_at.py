"""What anyone may look at in the portal: every fact of the registers, and what the portal itself keeps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from i18n.text import Wording
from services.registers import record
from services.registers.source import FACTS, Register, Source

ATTACHMENT, DOCUMENT = "attachment", "issued_document"
_ASHI = Wording(
    "Agjencia e Shoqërisë së Informacionit",
    "Agencija za informaciono društvo",
    "Agency for Information Society",
)
_envelope: Any = record.Envelope


def _own(code: str, name: Wording, label: Wording) -> Source:
    register = Register(code, name, "ashi", _ASHI, "XK/GOV/ASHI/portal")
    return Source(register, code, label, msgspec.json.Decoder(_envelope[Any]))


# No register keeps these, and none is asked for them: so they are no fact.
OWN: Mapping[str, Source] = {
    ATTACHMENT: _own(
        "attachments",
        Wording("Skedarët e bashkëngjitur", "Priloženi fajlovi", "Attached files"),
        Wording("Skedar i bashkëngjitur", "Priložen fajl", "Attached file"),
    ),
    DOCUMENT: _own(
        "issued-documents",
        Wording("Dokumentet e lëshuara", "Izdati dokumenti", "Issued documents"),
        Wording("Dokument i lëshuar", "Izdat dokument", "Issued document"),
    ),
}
LOOKED_AT: Mapping[str, Source] = {**FACTS, **OWN}
