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

import httpx

from portal.demo.plan import Environment, Party

Tell = Callable[[str], None]

# The kernel ends a child when the demo is killed, even by kill -9.
BOUND = ("setpriv", "--pdeathsig", "TERM") if shutil.which("setpriv") else ()
_PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0)
_STEADY_SECONDS = 20.0
_GRACE_SECONDS = 3.0
_WARNING = re.compile(
    rb'\[(warning|error|critical) *\]|"level": ?"(warning|error|critical)"|\b(WARNING|ERROR|CRITICAL)\b'
)


class DidNotStart(Exception):  # noqa: N818 - why, as one sentence
    """A process ended, or did not answer, before it was ready."""


class Child:
    """A party's process and its log; `run` keeps it alive until `stop`."""

    def __init__(self, party: Party, log: Path, tell: Tell) -> None:
        self.name = party.name
        self._party = party
        self._log = log
        self._tell = tell
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = False
        self._was_ready = False

    @property
    def pid(self) -> int | None:
        """The process id now; another one after a restart."""
        return self._process.pid if self._process else None

    async def run(self) -> None:
        """Run the process, again and again until told to stop; raise DidNotStart when it never becomes ready."""
        deaths = 0
        while not self._stopping:
            began = time.monotonic()
            code = await self._run_once()
            if self._stopping:
                return
            if not self._was_ready:
                raise DidNotStart(f"{self.name} did not start: {last_line(self._log)}")
            deaths = 0 if time.monotonic() - began > _STEADY_SECONDS else deaths
            pause = _PAUSES[min(deaths, len(_PAUSES) - 1)]
            deaths += 1
            self._tell(f"{self.name} ended ({_how(code)}) and is started again. Its log: {self._log}")
            await asyncio.sleep(pause)

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

    async def stop(self) -> None:
        """End the process and all that it started: asked first, forced after three seconds."""
        self._stopping = True
        if self._process and self._process.returncode is None:
            _signal_group(self._process.pid, signal.SIGTERM)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._process.wait(), _GRACE_SECONDS)
        if self._process:
            _signal_group(self._process.pid, signal.SIGKILL)

    async def _answers(self, http: httpx.AsyncClient) -> bool:
        if self._party.health is None:
            return True
        with suppress(httpx.HTTPError):
            return (await http.get(self._party.health)).is_success
        return False

    async def _run_once(self) -> int:
        self._process = await begin(self._party.command, self._party.environment)
        try:
            await copy(self._process, self._log, self._warn)
            return await self._process.wait()
        finally:
            # What a killed process leaves behind would hold its port.
            _signal_group(self._process.pid, signal.SIGKILL)

    def _warn(self, line: bytes) -> None:
        if _WARNING.search(line):
            self._tell(f"{self.name}: {line.decode(errors='replace').strip()[:300]}")


async def begin(command: tuple[str, ...], environment: Environment) -> asyncio.subprocess.Process:
    """Start a process in a group of its own, whose output comes through a pipe."""
    return await asyncio.create_subprocess_exec(
        *BOUND,
        *command,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
    )


async def copy(process: asyncio.subprocess.Process, log: Path, each: Callable[[bytes], None]) -> None:
    """Write what a process says to its log until it is silent for good, and show every line to `each`."""
    said = process.stdout
    if said is None:
        return
    rest = b""
    with log.open("ab", buffering=0) as file:
        while chunk := await said.read(65536):
            file.write(chunk)
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                each(line)


async def complete(party: Party, log: Path) -> None:
    """Run a command to its end; raise DidNotStart with the last line that it said when it fails."""
    process = await begin(party.command, party.environment)
    try:
        await copy(process, log, lambda _line: None)
        code = await process.wait()
    except asyncio.CancelledError:
        _signal_group(process.pid, signal.SIGKILL)
        raise
    if code:
        raise DidNotStart(f"{' '.join(party.command[2:])} failed: {last_line(log)}")


def last_line(log: Path) -> str:
    """Return the last line of a log that says something."""
    lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    return lines[-1] if lines else "it said nothing."


def _how(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def _signal_group(leader: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, number)
