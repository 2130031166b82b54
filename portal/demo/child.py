"""One process of the demo: started again when it dies, gone when the demo is, its warnings on the console."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import httpx

from portal.demo.plan import Party

Tell = Callable[[str], None]

# The kernel ends a child when the demo is killed, even by kill -9.
BOUND = ("setpriv", "--pdeathsig", "TERM") if shutil.which("setpriv") else ()
_PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0)
_STEADY_SECONDS = 20.0
_GRACE_SECONDS = 3.0
_GLANCE_SECONDS = 0.5
_WARNING = re.compile(
    rb'\[(warning|error|critical) *\]|"level": ?"(warning|error|critical)"|\b(WARNING|ERROR|CRITICAL)\b'
)


class DidNotStart(Exception):  # noqa: N818 - why, as one sentence
    """A process ended, or did not answer, before it was ready."""


class Child:
    """A party's process and its log. Whoever cancels `run` stops it."""

    def __init__(self, party: Party, log: Path, tell: Tell) -> None:
        self.name = party.name
        self._party = party
        self._log = log
        self._tell = tell
        self._process: asyncio.subprocess.Process | None = None
        self._was_ready = False

    async def run(self) -> None:
        """Run the process, again and again, until cancelled; raise DidNotStart when it never becomes ready."""
        deaths = 0
        while True:
            began = time.monotonic()
            code = await self._run_once()
            if not self._was_ready:
                raise DidNotStart(f"{self.name} did not start: {last_line(self._log)}")
            deaths = 0 if time.monotonic() - began > _STEADY_SECONDS else deaths
            self._tell(f"{self.name} ended ({_how(code)}) and is started again. Its log: {self._log}")
            await asyncio.sleep(_PAUSES[min(deaths, len(_PAUSES) - 1)])
            deaths += 1

    async def ready(self, seconds: float) -> None:
        """Return once the process says that it can serve; raise DidNotStart after `seconds`."""
        deadline = time.monotonic() + seconds
        async with httpx.AsyncClient(trust_env=False, timeout=2.0) as http:
            while time.monotonic() < deadline:
                if self._process and await self._answers(http):
                    self._was_ready = True
                    return
                await asyncio.sleep(0.05)
        raise DidNotStart(f"{self.name} did not answer within {seconds:.0f} s. Its log: {self._log}")

    async def _answers(self, http: httpx.AsyncClient) -> bool:
        if self._party.health is None:
            return True
        with suppress(httpx.HTTPError):
            return (await http.get(self._party.health)).is_success
        return False

    async def _run_once(self) -> int:
        self._process = await begin(self._party, self._log)
        watching = asyncio.create_task(self._watch_log(self._log.stat().st_size))
        try:
            return await self._process.wait()
        finally:
            watching.cancel()
            await end(self._process)

    async def _watch_log(self, seen: int) -> None:
        """Show on the console what deserves it. The log is a file, so nobody waits for anybody."""
        while True:
            await asyncio.sleep(_GLANCE_SECONDS)
            for line in _lines_after(self._log, seen):
                seen += len(line)
                if _WARNING.search(line):
                    self._tell(f"{self.name}: {line.decode(errors='replace').strip()[:300]}")


async def begin(party: Party, log: Path) -> asyncio.subprocess.Process:
    """Start a party's process in a group of its own; what it says goes to its log."""
    with open_log(log) as said:
        return await asyncio.create_subprocess_exec(
            *BOUND,
            *party.command,
            env=party.environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )


def open_log(log: Path) -> BinaryIO:
    """Return a log to write at its end."""
    return log.open("ab")


async def complete(party: Party, log: Path) -> None:
    """Run a party's command to its end; raise DidNotStart with the last line that it said when it fails."""
    process = await begin(party, log)
    try:
        code = await process.wait()
    finally:
        await end(process)
    if code:
        raise DidNotStart(f"{party.name} could not be prepared: {last_line(log)}")


async def end(process: asyncio.subprocess.Process) -> None:
    """End a process, asked first and forced after three seconds, and whatever it started and left behind."""
    if process.returncode is None:
        _signal_group(process.pid, signal.SIGTERM)
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), _GRACE_SECONDS)
    _signal_group(process.pid, signal.SIGKILL)
    await process.wait()


def _lines_after(log: Path, seen: int) -> list[bytes]:
    with log.open("rb") as file:
        file.seek(seen)
        return file.readlines()


def last_line(log: Path) -> str:
    """Return the last line of a log that says something."""
    lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    return lines[-1] if lines else "it said nothing."


def _how(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def _signal_group(leader: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, number)
