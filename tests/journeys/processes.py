"""The demo's processes, to be killed between two steps of a person; its commands and its memory beside the pages."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager, suppress

import asyncpg
import httpx
import psutil

from portal import postgres
from tests.journeys.people import Person
from tests.parties import Demo

PARTIES = ("portal", "worker", "eid", "payments", "registers")
_MODULES = {"eid": "eid.provider", "payments": "payments.sandbox", "registers": "services.registers.sandbox"}
_SECONDS = 90.0


async def kill(demo: Demo, *names: str) -> None:
    """Kill parties, or `postgres`, all at once by kill -9 and wait until the demo has healed."""
    old = [_postmaster(demo) if name == "postgres" else process(demo, name).pid for name in names]
    for pid in old:
        os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + _SECONDS
    while any(map(psutil.pid_exists, old)) or not await _is_whole(demo):
        assert time.monotonic() < deadline, f"{names} were killed and did not come back"
        await asyncio.sleep(0.1)


@contextmanager
def away(demo: Demo, name: str) -> Generator[None]:
    """Let a party hang: it takes connections and answers nothing."""
    first = process(demo, name)
    hanging = [first, *first.children(recursive=True)]
    for each in hanging:
        each.suspend()
    try:
        yield
    finally:
        for each in hanging:
            each.resume()


def unlock(demo: Demo, person: Person) -> None:
    """Give a person her three tries back, by the eID's own command."""
    command = (sys.executable, "-m", "eid.provider", "unlock", "--person", person.number)
    subprocess.run(command, env=process(demo, "eid").environ(), check=True, capture_output=True)


def enrol(demo: Demo, person: Person, email: str) -> None:
    """Give a person of the civil register an eID, by the eID's own command."""
    told = ("--person", person.number, "--pin", person.pin, "--email", email, "--language", person.language)
    command = (sys.executable, "-m", "eid.provider", "enrol", *told)
    subprocess.run(command, env=process(demo, "eid").environ(), check=True, capture_output=True)


def process(demo: Demo, name: str) -> psutil.Process:
    """Return the process of a party; LookupError while it does not run."""
    does = "worker" if name == "worker" else "serve"
    for child in psutil.Process(demo.process.pid).children():
        with suppress(psutil.Error):
            line = child.cmdline()
            if line[-1:] == [does] and _MODULES.get(name, "portal") in line:
                return child
    raise LookupError(name)


def _postmaster(demo: Demo) -> int:
    return int((demo.settings.demo_directory / "postgres" / "data" / "postmaster.pid").read_text().split()[0])


@asynccontextmanager
async def memory(demo: Demo, party: str = "portal") -> AsyncGenerator[asyncpg.Connection[asyncpg.Record]]:
    """Give a party's database, the portal's unless told otherwise."""
    with postgres.running(demo.settings.demo_directory / "postgres") as server:
        connection = await asyncpg.connect(server.url(party))
        try:
            yield connection
        finally:
            await connection.close()


async def _is_whole(demo: Demo) -> bool:
    async with httpx.AsyncClient(trust_env=False, timeout=2) as http:
        try:
            process(demo, "worker")
            answers = [await http.get(f"{address}/health/ready") for address in demo.addresses.values()]
        except (httpx.HTTPError, LookupError):
            return False
    return all(answer.is_success for answer in answers)
