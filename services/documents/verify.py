"""Tells anyone whether a document is genuine, by the code printed on it or by the file itself."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from eid.inspection import SealReport, inspector
from i18n.format import KOSOVO
from i18n.refusal import Unreachable
from i18n.text import _
from services.documents import store
from services.documents.document import Document, digest, normal
from services.documents.store import Connection

__all__ = ["Verdict", "by_code", "by_file", "inspected", "normal"]


PATIENCE = 20.0  # seconds that a person waits for her turn and the inspection, which may itself take ten


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known: `genuine`, `changed` (not what was sealed), `revoked`, `replaced`, `signed` or `unknown`.

    `signed` is no document of ours, but bears people's signatures that hold, such as an application as it was sent.

    `document` carries kind, issuer, date and the masked holder; None when nothing is known or the file was changed.
    """

    kind: Literal["genuine", "changed", "revoked", "replaced", "signed", "unknown"]
    document: Document | None = None


async def by_code(connection: Connection, typed: str, now: datetime) -> Verdict:
    """Return what is known of the document with this code, as a reader typed it."""
    code = normal(typed)
    return await _verdict(connection, await store.find_by_code(connection, code) if code else None, now)


async def inspected(pdf: bytes, root: Path, now: datetime) -> SealReport:
    """Return what the file says by itself; `root` is a PEM file with the authorities that are trusted.

    It may take seconds: no connection is to be held meanwhile. Unreachable when the process was lost on the way, or
    when too many other files come first.
    """
    try:
        async with asyncio.timeout(PATIENCE):
            return await inspector(root).check(pdf, now)
    except TimeoutError:
        raise Unreachable(
            "inspection_busy", _("Very many files are being verified just now. Please try again in a minute.")
        ) from None


async def by_file(connection: Connection, pdf: bytes, report: SealReport, now: datetime) -> Verdict:
    """Return what is known of this file, whose `report` says how its seal stands.

    Genuine is only the very file that was issued, with a seal that holds. A file that carries a seal of ours but
    differs was changed; of one without a seal nothing is known.
    """
    if report.outcome == "changed":
        return Verdict("changed")
    document = await store.find_by_sha256(connection, digest(pdf))
    if document is None and report.outcome in {"genuine", "signed"} and _is_signed_by_people(report):
        return Verdict("signed")
    if document is None or report.outcome != "genuine" or report.institution != document.institution:
        return Verdict("unknown")
    return await _verdict(connection, document, now)


def _is_signed_by_people(report: SealReport) -> bool:
    return any(mark.kind == "signature" for mark in report.marks)


async def _verdict(connection: Connection, document: Document | None, now: datetime) -> Verdict:
    if document is None:
        return Verdict("unknown")
    await store.count_check(connection, document.id, now.astimezone(KOSOVO).date())
    if document.revoked_at:
        return Verdict("replaced" if document.replaced_by else "revoked", document)
    return Verdict("genuine", document)
