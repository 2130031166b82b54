"""Signatures (PAdES B-LTA) completed a second and files judged a second, each by one process.

The trust services answer over HTTP from a process of their own, on the machine's other core.
"""

from __future__ import annotations

import asyncio
import io
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import psutil
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter

from eid.inspection import Inspector
from eid.prepared import Prepared
from eid.signature import Signatory
from tests.bench.rate import Rate, of, timed
from tests.rooms.documents.conftest import Trust, serving
from tests.rooms.documents.signer import Signer

_SECONDS = 5.0
_SIGNATURES = 12.0  # a second and core, as was asked; of judging nothing was


def measure() -> list[Rate]:
    """Return how many signatures a second are completed, and how many files are judged."""
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder) / "pki") as (pki, url):
        trust = Trust(pki, url, Path(folder) / "seals")
        trust.seal("bench", "Bench")
        return asyncio.run(_measured(trust))


async def _measured(trust: Trust) -> list[Rate]:
    signatory, inspector = Signatory(trust.tsa, trust.root), Inspector(trust.root)
    try:
        arta = Signer.of(trust, "1176042318", "Arta", "Krasniqi")
        prepared = await signatory.prepare(await signatory.freeze(_page(), 1), 1, arta.chain, datetime.now(UTC))
        value = arta.signs(prepared)
        signed = await signatory.complete(prepared, value, datetime.now(UTC))
        return [
            await _rate(
                "signature completed (PAdES B-LTA)", lambda: _complete(signatory, prepared, value), _SIGNATURES
            ),
            await _rate("signed file judged", lambda: inspector.check(signed, datetime.now(UTC))),
        ]
    finally:
        signatory.close()
        inspector.close()


async def _complete(signatory: Signatory, prepared: Prepared, value: bytes) -> bytes:
    return await signatory.complete(prepared, value, datetime.now(UTC))


async def _rate(name: str, act: Callable[[], Awaitable[object]], aim: float | None = None) -> Rate:
    await act()
    times: list[float] = []
    began, before = time.perf_counter(), _worked()
    await timed(act, began + _SECONDS, times)
    return of(name, times, time.perf_counter() - began, aim=aim, worked=_worked() - before)


def _worked() -> float:
    """Return the processor time of our own working processes so far, in seconds; the trust services' is not theirs."""
    children = psutil.Process().children()
    times = [child.cpu_times() for child in children if "granian" not in child.cmdline()]
    return sum(each.user + each.system for each in times)


def _page() -> bytes:
    """Return a PDF with an empty page: composing it is measured elsewhere."""
    writer, written = cast("Any", PdfFileWriter)(), io.BytesIO()
    nothing = writer.add_object(generic.StreamObject(stream_data=b""))
    writer.insert_page(PageObject(contents=nothing, media_box=(0, 0, 595, 842)))
    writer.write(written)
    return written.getvalue()
