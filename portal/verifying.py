"""`portal verify FILE`: what the verify page says of a file's signatures and seals, in words, for a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from eid.inspection import Outcome, SealReport, check
from eid.mark import KINDS, SENTENCES, rows
from i18n.text import Language, Text, _

_SAID: dict[Outcome, Text] = {
    "genuine": _("This file is as the institution sealed it."),
    "signed": _("The signatures in this file are valid, and nothing was changed since."),
    "changed": _("This file was changed after it was signed or sealed. It must not be trusted."),
    "untrusted": _("Not every signature in this file can be trusted."),
    "unsigned": _("This file bears no signature and no seal."),
}
_GOOD = {"genuine", "signed"}


def run(file: Path, root: Path, language: Language, now: datetime) -> int:
    """Print what the file proves; return 0 when every signature and seal holds, else 1."""
    try:
        report = check(file.read_bytes(), root.read_bytes(), now)
    except OSError as unreadable:
        print(f"{unreadable.filename}: {unreadable.strerror}", file=sys.stderr)  # noqa: T201 - a command line speaks
        return 1
    print("\n".join(_lines(report, language)))  # noqa: T201 - as above
    return 0 if report.outcome in _GOOD else 1


def _lines(report: SealReport, language: Language) -> Iterator[str]:
    yield _SAID[report.outcome].say(language)
    for place, mark in enumerate(report.marks, 1):
        yield ""
        yield f"{place}. {KINDS[mark.kind].say(language)}: {SENTENCES[mark.standing].say(language)}"
        for key, value in rows(mark, language):
            yield f"   {key.say(language)}: {value.say(language) if isinstance(value, Text) else value}"
