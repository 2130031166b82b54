"""Composes a list that a person takes home: a table on A4 pages, as accessible as a document, not sealed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import cast

import typst

from i18n.format import moment
from i18n.text import Language, _
from services.documents.typeface import covered, printable

_TEMPLATES = Path(__file__).parents[2] / "templates" / "documents"
_STANDARDS: list[typst.PDFStandard] = ["a-3a", "ua-1"]
_one_at_a_time = Lock()  # a compiler is reused, and is not for two threads at once


@dataclass(frozen=True, slots=True)
class Listing:
    """A title, whom it is about, and a table: its head, and rows of as many cells."""

    title: str
    name: str
    language: Language
    made_at: datetime
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def compose(listing: Listing, fonts: Path) -> bytes:
    """Return the list as PDF/A-3a and PDF/UA-1 in Noto Sans; `fonts` is the folder with the typeface."""
    covered(fonts)
    said = {
        "title": listing.title,
        "name": listing.name,
        "language": listing.language,
        "made": moment(listing.made_at, listing.language),
        "head": list(listing.head),
        "rows": [[printable(cell, fonts) for cell in row] for row in listing.rows],
        "words": {
            "demo": _("DEMO").say(listing.language),
            "warning": _("A demonstration: without legal value.").say(listing.language),
            "page": _("Page").say(listing.language),
        },
    }
    with _one_at_a_time:
        pdf = _compiler(fonts).compile(
            format="pdf",
            sys_inputs={"listing": json.dumps(said, ensure_ascii=False)},
            pdf_standards=_STANDARDS,
            timestamp=listing.made_at.replace(microsecond=0),
        )
    return cast("bytes", pdf)


@cache
def _compiler(fonts: Path) -> typst.Compiler:
    only_ours = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[fonts])
    return typst.Compiler(_TEMPLATES / "listing.typ", root=_TEMPLATES, font_paths=only_ours)
