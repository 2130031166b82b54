"""What fails while a document is sealed leaves no half of a seal, and what dies is replaced."""

from __future__ import annotations

import asyncio
import hashlib
import multiprocessing
import re
import subprocess
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import psutil
import pytest
from asn1crypto import tsp as _tsp

from eid.inspection import Inspector
from eid.provider import tsa
from eid.seal import Sealer
from i18n.refusal import Unreachable
from tests.rooms.documents.conftest import ARC, Trust, sealed_once, serving

tsp = cast("Any", _tsp)  # asn1crypto carries no types


async def test_an_institution_without_a_seal_is_told_apart(extract: bytes, sealer: Sealer) -> None:
    with pytest.raises(Unreachable, match="seal_missing"):
        await sealer.seal(extract, "nobody", datetime.now(UTC))


async def test_a_stamper_that_refuses_the_connection_leaves_no_half_seal(extract: bytes, trust: Trust) -> None:
    await _unreachable(replace(trust, url="http://127.0.0.1:9"), extract)


async def test_a_stamper_that_hangs_leaves_no_half_seal(extract: bytes, trust: Trust) -> None:
    async with _stamper(_hang) as url:
        await _unreachable(replace(trust, url=url), extract, patience=1)


@pytest.mark.parametrize("status", ["200 OK", "500 Internal Server Error"])
@pytest.mark.parametrize("kind", ["text/html", "application/timestamp-reply"])
async def test_a_stamper_that_answers_a_web_page_leaves_no_half_seal(
    extract: bytes, trust: Trust, status: str, kind: str
) -> None:
    async def page(_asked: bytes) -> bytes:
        return _answer(b"<html>Welcome", kind, status)

    async with _stamper(page) as url:
        await _unreachable(replace(trust, url=url), extract)


@pytest.mark.parametrize("wrong", ["digest", "time"])
async def test_a_stamp_of_another_document_or_time_is_not_taken(extract: bytes, trust: Trust, wrong: str) -> None:
    async def stamp(asked: bytes) -> bytes:
        request, when = tsp.TimeStampReq.load(asked), datetime.now(UTC)
        if wrong == "digest":
            request["message_imprint"]["hashed_message"] = hashlib.sha256(b"another").digest()
        else:
            when -= timedelta(hours=1)
        return _answer(tsa.answer(trust.pki, request.dump(force=True), when), "application/timestamp-reply")

    async with _stamper(stamp) as url:
        await _unreachable(replace(trust, url=url), extract)


async def test_a_responder_that_is_down_leaves_no_half_seal(extract: bytes, tmp_path: Path) -> None:
    with serving(tmp_path / "pki") as (pki, url):
        trust = Trust(pki, url, tmp_path / "seals")
        trust.seal("arc", ARC)

    async def stamp(asked: bytes) -> bytes:
        return _answer(tsa.answer(trust.pki, asked, datetime.now(UTC)), "application/timestamp-reply")

    async with _stamper(stamp) as url:
        await _unreachable(replace(trust, url=url), extract)


async def test_documents_are_sealed_side_by_side(extract: bytes, trust: Trust, inspector: Inspector) -> None:
    sealer = Sealer(trust.seals, trust.tsa, trust.root, workers=2)
    try:
        made = await asyncio.gather(*(sealer.seal(extract, "arc", datetime.now(UTC)) for _ in range(8)))
    finally:
        sealer.close()
    assert len(set(made)) == 8
    for pdf in made:
        assert (await inspector.check(pdf, datetime.now(UTC))).outcome == "genuine"


async def test_a_killed_sealing_process_is_replaced(extract: bytes, trust: Trust) -> None:
    sealer = Sealer(trust.seals, trust.tsa, trust.root)
    try:
        before = set(psutil.Process().children())
        await sealer.seal(extract, "arc", datetime.now(UTC))
        worker = next(child for child in psutil.Process().children() if child not in before and _works(child))
        worker.kill()
        worker.wait()
        await asyncio.sleep(0.5)  # the pool needs a moment to see it
        with pytest.raises(Unreachable, match="workshop_died"):
            await sealer.seal(extract, "arc", datetime.now(UTC))
        assert await sealer.seal(extract, "arc", datetime.now(UTC))
    finally:
        sealer.close()


def test_a_sealing_process_ends_with_its_parent_even_when_that_is_killed(trust: Trust, tmp_path: Path) -> None:
    (tmp_path / "parent.py").write_text(_PARENT)
    given = [str(trust.seals), trust.tsa, str(trust.root)]
    command = [sys.executable, str(tmp_path / "parent.py"), *given]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "ready\n"
        children = psutil.Process(parent.pid).children(recursive=True)
        assert children
        parent.kill()
    _gone, alive = psutil.wait_procs(children, timeout=10)
    assert alive == []


def test_a_server_that_inspected_a_file_stops_when_it_is_told(trust: Trust) -> None:
    # Servers run their workers as children of theirs, which end otherwise than a program does.
    worker = multiprocessing.get_context("spawn").Process(target=_inspect_once, args=(trust.root,))
    worker.start()
    worker.join(30)
    try:
        assert worker.exitcode == 0
    finally:
        worker.kill()


def _inspect_once(root: Path) -> None:
    asyncio.run(Inspector(root).check(b"%PDF-1.7", datetime.now(UTC)))


_PARENT = """
import asyncio, sys, time
from datetime import UTC, datetime
from pathlib import Path
from eid.seal import Sealer
from i18n.refusal import Refusal

async def main():
    seals, tsa, root = sys.argv[1:]
    sealer = Sealer(Path(seals), tsa, Path(root))
    try:
        await sealer.seal(b"%PDF-1.7 broken", "arc", datetime.now(UTC))
    except Exception:
        pass
    print("ready", flush=True)
    time.sleep(60)

if __name__ == "__main__":
    asyncio.run(main())
"""


def _works(process: psutil.Process) -> bool:
    return "resource_tracker" not in " ".join(process.cmdline())


async def _unreachable(trust: Trust, pdf: bytes, patience: int = 5) -> None:
    with pytest.raises(Unreachable, match="trust_services_unreachable"):
        await sealed_once(trust, pdf, patience=patience)


def _answer(body: bytes, kind: str, status: str = "200 OK") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


async def _hang(_asked: bytes) -> bytes:
    await asyncio.sleep(60)
    return b""


@asynccontextmanager
async def _stamper(answer: Callable[[bytes], Awaitable[bytes]]) -> AsyncGenerator[str]:
    """Serve a time-stamping service that behaves as told."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = re.search(rb"(?i)content-length: (\d+)", head)
                asked = await reader.readexactly(int(length[1])) if length else b""
                writer.write(await answer(asked))
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.close()
