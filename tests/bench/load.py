"""Puts load on a server: 16 connections, each with its next request as soon as the last one is answered.

By wrk where it is on PATH (Debian: `apt install wrk`), else by a smaller tool of our own, which takes more of the
machine for itself: both halves of a pair are always measured by the same one.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import uvloop

from tests.parties import Running

CONNECTIONS = 16
_SCRIPT = Path(__file__).with_name("wrk.lua")
_LIMIT = 1 << 20  # bytes of an answer's headers


@dataclass(frozen=True, slots=True)
class Run:
    """What came of one load: answers a second, milliseconds until half and 99 % were there, how many failed.

    `work` is the server's processor time for one answer in microseconds, where the server is one process.
    """

    rate: float
    p50: float
    p99: float
    answers: int
    failed: int = 0
    work: float | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One request as a browser sends it."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: str = ""

    def raw(self, host: str) -> bytes:
        """Return it as it goes over the wire (HTTP/1.1, RFC 9112)."""
        headers = {"Host": host, "Accept-Encoding": "gzip, deflate, br", "Accept": "text/html", **self.headers}
        if self.body:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Content-Length": str(len(self.body)),
            }
        lines = [f"{self.method} {self.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        return ("\r\n".join(lines) + "\r\n\r\n" + self.body).encode()


def tool() -> str:
    """Return which tool puts the load on."""
    return "wrk" if shutil.which("wrk") else "a Python tool of our own (no wrk on PATH)"


def run(server: Running, requests: Sequence[Request], seconds: float) -> Run:
    """Return what came of `requests`, sent in turn to a server and again from the first when all are."""
    host = urlsplit(server.url).netloc
    raw = [request.raw(host) for request in requests]
    worked = _worked(server)
    by_wrk = shutil.which("wrk")
    found = _by_wrk(server.url, raw, seconds) if by_wrk else uvloop.run(by_python(host, raw, seconds))
    return replace(found, work=(_worked(server) - worked) / max(1, found.answers) * 1e6)


def _worked(server: Running) -> float:
    """Return the processor time of a server's process so far, in seconds."""
    times = psutil.Process(server.process.pid).cpu_times()
    return times.user + times.system


def _by_wrk(url: str, raw: Sequence[bytes], seconds: float) -> Run:
    with tempfile.NamedTemporaryFile(prefix="bench-") as file:
        file.write(b"".join(request + b"\0" for request in raw))
        file.flush()
        # wrk wants whole seconds.
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", "-s", str(_SCRIPT), url]
        said = subprocess.run([*command, "--", file.name], capture_output=True, text=True, check=True)
    found = json.loads(said.stdout.splitlines()[-1])
    rate = found["answers"] / (found["microseconds"] / 1e6)
    return Run(rate, found["p50"] / 1000, found["p99"] / 1000, found["answers"], found["failed"])


async def by_python(host: str, raw: Sequence[bytes], seconds: float) -> Run:
    """Return what came of the requests, sent by this process."""
    turn, times, failures = itertools.cycle(raw), list[float](), list[int]()
    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _each in range(CONNECTIONS):
            group.create_task(_ask_on(host, turn, began + seconds, times, failures))
    took = time.perf_counter() - began
    cuts = statistics.quantiles(times, n=100) if len(times) > 1 else [0.0] * 99
    return Run(len(times) / took, cuts[49] * 1000, cuts[98] * 1000, len(times), len(failures))


async def _ask_on(host: str, turn: Iterator[bytes], until: float, times: list[float], failures: list[int]) -> None:
    """Ask on one connection until the time is over; the duration of each answer, and each failing status, is noted."""
    name, _colon, port = host.partition(":")
    reader, writer = await asyncio.open_connection(name, int(port), limit=_LIMIT)
    try:
        while (began := time.perf_counter()) < until:
            writer.write(next(turn))
            status = await _answer(reader)
            times.append(time.perf_counter() - began)
            if status >= 400:
                failures.append(status)
    finally:
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> int:
    """Read one answer whole and return its status; every server measured here says how long an answer is."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = head.partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0]
    await reader.readexactly(int(length or 0))
    return int(head.split(b" ", 2)[1])
