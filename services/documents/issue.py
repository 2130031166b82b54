"""Composes the sheet that a citizen receives: PDF/A-3a and PDF/UA-1 in one file, its data attached as JSON."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Literal, cast

import segno
import typst

from i18n.format import moment
from i18n.text import Language, Text, _
from services.documents.decided import Decided
from services.documents.document import printed, qr_text
from services.documents.typeface import covered, printable

Variant = Literal["extract", "decision", "permit", "receipt"]

_TEMPLATES = Path(__file__).parents[2] / "templates" / "documents"
_STANDARDS: list[typst.PDFStandard] = ["a-3a", "ua-1"]
_one_at_a_time = Lock()  # a compiler is reused, and is not for two threads at once


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, and below it rows of (label, value)."""

    heading: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a document says, in its language.

    `variant`: how it is laid out; a decision has `decided`. `since` and `until` are the days of its validity as they
    are written, "" where there is none; `conditions` are a permit's; `received` is when a receipt's application was.

    `institution` is the issuer's name in the document's language, then smaller lines below it, if any; `code` in its
    normal form; `verify_url` as a reader types it; `data` is attached as `data.json`. Without a code it is an
    application, to be signed by the `signers` that it names; `statement`: what else they confirm.
    """

    title: str
    institution: tuple[str, ...]
    language: Language
    reference: str
    code: str
    verify_url: str
    issued_at: datetime
    sections: tuple[Section, ...]
    note: str = ""
    legal_basis: str = ""
    data: Mapping[str, Any] = field(default_factory=dict[str, Any])
    signers: tuple[str, ...] = ()
    statement: str = ""
    variant: Variant = "extract"
    since: str = ""
    until: str = ""
    received: str = ""
    conditions: tuple[str, ...] = ()
    decided: Decided | None = None


def compose(sheet: Sheet, fonts: Path) -> bytes:
    """Return the sheet as a PDF of A4 pages in Noto Sans, not yet sealed; the same sheet gives the same bytes.

    `fonts` is the folder with the typeface; FileNotFoundError when it is empty.
    """
    covered(fonts)
    said = json.dumps(_said(sheet, fonts), ensure_ascii=False)
    to_the_second = sheet.issued_at.replace(microsecond=0)  # a PDF's dates know no less
    with _one_at_a_time:
        pdf = _compiler(fonts).compile(
            format="pdf", sys_inputs={"sheet": said}, pdf_standards=_STANDARDS, timestamp=to_the_second
        )
    return cast("bytes", pdf)


@cache
def _compiler(fonts: Path) -> typst.Compiler:
    only_ours = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[fonts])
    return typst.Compiler(_TEMPLATES / "sheet.typ", root=_TEMPLATES, font_paths=only_ours)


def _said(sheet: Sheet, fonts: Path) -> dict[str, Any]:
    """Return what the template prints; only the attached data is left as it is."""
    printed_parts = {
        "title": sheet.title,
        "institution": list(sheet.institution),
        "reference": sheet.reference,
        "code": printed(sheet.code),
        "verify_url": sheet.verify_url,
        "issued": moment(sheet.issued_at, sheet.language),
        "sections": [_section(section) for section in sheet.sections],
        "note": sheet.note,
        "legal_basis": sheet.legal_basis,
        "signers": list(sheet.signers),
        "received": sheet.received,
        "since": sheet.since,
        "until": sheet.until,
        "conditions": list(sheet.conditions),
        "decided": _decided(sheet.decided),
        "words": {name: words.say(sheet.language) for name, words in _words(sheet).items()} | _stated(sheet),
    }
    untouched = {
        "language": sheet.language,
        "variant": sheet.variant if sheet.code else "application",
        "is_granted": sheet.decided is None or sheet.decided.is_granted,
        "qr": _qr(sheet.verify_url) if sheet.code else "",
        "data": json.dumps(sheet.data, ensure_ascii=False, indent=2, default=str),
    }
    return {**_printable(printed_parts, fonts), **untouched}


def _stated(sheet: Sheet) -> dict[str, str]:
    return {"statement": sheet.statement} if sheet.statement else {}


def _decided(decided: Decided | None) -> dict[str, Any]:
    if decided is None:
        return {"introduction": "", "outcome": "", "reasons": [], "remedy": ""}
    said = {"introduction": decided.introduction, "outcome": decided.outcome, "remedy": decided.remedy}
    return said | {"reasons": [line for reason in decided.reasons for line in reason.splitlines() if line.strip()]}


def _section(section: Section) -> dict[str, Any]:
    return {"heading": section.heading, "rows": [{"label": label, "value": value} for label, value in section.rows]}


def _printable(value: Any, fonts: Path) -> Any:  # noqa: ANN401 - JSON, of any depth
    if isinstance(value, dict):
        return {name: _printable(part, fonts) for name, part in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        return [_printable(part, fonts) for part in cast("list[Any]", value)]
    return printable(str(value), fonts)


def _words(sheet: Sheet) -> dict[str, Text]:
    """Return the fixed words of every sheet."""
    institution, address = sheet.institution[0], sheet.verify_url.rpartition("/v/")[0] + "/v"
    return {
        "demo": _("DEMO"),
        "warning": _("A demonstration: without legal value."),
        "reference": _("Reference number"),
        "issued": _("Issued on"),
        "legal_basis": _("Legal basis"),
        "page": _("Page"),
        "verification": _("Verification"),
        "how": _("Anyone can verify this document, on paper too: scan the code, or open the address below."),
        "sealed": _("Sealed electronically by: %(institution)s", institution=institution),
        "qr": _("QR code that leads to the verification of this document at %(address)s", address=address),
        "data": _("The data of this document, for machines"),
        "frozen": _("Prepared on"),
        "since": _("Valid from"),
        "until": _("Valid until"),
        "conditions": _("Conditions"),
        "decision": _("Decision"),
        "reasons": _("Reasons"),
        "remedy": _("Legal remedy"),
        "received": _("Received on"),
        "statement": _("Whoever signs confirms that what this application says is true."),
        "signers": _("To be signed electronically by"),
        "signatures": _("The electronic signatures are in the file: the portal verifies them, and so do PDF readers."),
    }


def _qr(url: str) -> str:
    drawn = io.BytesIO()
    code = segno.make(qr_text(url), error="m", micro=False)
    code.save(drawn, kind="svg", border=2, dark="#1a2230", xmldecl=False)
    return drawn.getvalue().decode()
