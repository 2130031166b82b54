"""The registers as a real process with their invented population, and a register that misbehaves."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Generator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from services.registers.client import Client
from services.registers.gateway import Gateway
from services.registers.sandbox.registry import services, writings
from services.registers.signature import Signer
from services.registers.wire import new_session

PORTAL, EID = "XK/GOV/ASHI/portal", "XK/GOV/ASHI/eid"


def new_key() -> str:
    """Return a P-256 private key in PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


SIGNER = Signer(new_key())
TOKENS = {PORTAL: "portal-token-of-the-tests", EID: "eid-token-of-the-tests"}
# The stand-in is asked here about all that it offers; what the demo's parties may ask is another matter.
ACCESS = {PORTAL: [*services(), *writings(), "events"], EID: ["XK/GOV/ARC/civil-status/children"]}
AUDITOR = "auditor-token-of-the-tests"


def command(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `registers` with these settings and return how it ended."""
    return subprocess.run(
        [sys.executable, "-m", "services.registers.sandbox", *arguments],
        env=clean_environment() | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("REGISTERS_")}


def settings_for(database_url: str, port: int = 8003) -> dict[str, str]:
    return {
        "REGISTERS_DATABASE_URL": database_url,
        "REGISTERS_TOKENS": json.dumps(TOKENS),
        "REGISTERS_ACCESS": json.dumps(ACCESS),
        "REGISTERS_URL": f"http://127.0.0.1:{port}",
        "REGISTERS_PORT": str(port),
    }


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


@dataclass(frozen=True)
class Registers:
    """A running program: its address and its database."""

    url: str
    database_url: str
    process: subprocess.Popen[bytes]


@contextmanager
def serving(database_url: str, **more: str) -> Generator[Registers]:
    """Run `registers serve` with these settings besides until the block ends."""
    port = free_port()
    arguments = [sys.executable, "-m", "services.registers.sandbox", "serve"]
    environment = clean_environment() | settings_for(database_url, port) | more
    with subprocess.Popen(arguments, env=environment, stdout=subprocess.DEVNULL) as process:
        try:
            _wait_for(f"http://127.0.0.1:{port}/health/ready", process)
            yield Registers(f"http://127.0.0.1:{port}", database_url, process)
        finally:
            process.terminate()


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        assert process.poll() is None, "registers serve ended"
        try:
            if httpx.get(url, trust_env=False).is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise AssertionError(f"{url} did not answer")


@pytest.fixture(scope="session")
def registers(new_database: Callable[[], str]) -> Iterator[Registers]:
    """Give the running registers with 300 people in them."""
    database_url = new_database()
    seeded = command("seed", "--people", "300", **settings_for(database_url))
    assert seeded.returncode == 0, seeded.stderr
    with serving(database_url) as running:
        yield running


@pytest.fixture(scope="session")
def country(new_database: Callable[[], str], assets: Path) -> Iterator[Registers]:
    """Give registers with 2,000 people, with whom all goes wrong that can, open to an operator and an auditor."""
    database_url = new_database()
    seeded = command("seed", "--people", "2000", **settings_for(database_url))
    assert seeded.returncode == 0, seeded.stderr
    more = {"REGISTERS_FAULTS": "1", "REGISTERS_AUDIT_TOKEN": AUDITOR, "REGISTERS_ASSETS": str(assets)}
    with serving(database_url, **more) as running:
        yield running


@pytest.fixture(scope="session")
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with new_session() as connections:
        yield connections


@pytest.fixture
def now() -> datetime:
    """Give the time as the test begins; an earlier one will not do, because real registers' signatures age."""
    return datetime.now(UTC)


def portal_at(url: str, http: aiohttp.ClientSession, *, strict: bool = False) -> Client:
    """Return the portal as a client of the registers there; a strict one demands signatures."""
    return Client(url, TOKENS[PORTAL], PORTAL, http, SIGNER, demand_signatures=strict)


@pytest.fixture
def gateway(registers: Registers, http: aiohttp.ClientSession) -> Gateway:
    """Give a gateway to the real registers."""
    return Gateway(portal_at(registers.url, http))


Behaviour = Callable[[dict[str, str], asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def misbehaving(*behaviours: Behaviour) -> AsyncGenerator[str]:
    """Give the address of a register that behaves so, one connection after the other; the last goes on for ever."""
    left = list(behaviours)
    hanging: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        hanging.add(task)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
            headers["path"] = head[0].split(" ")[1]
            await (left.pop(0) if len(left) > 1 else left[0])(headers, writer)
        except (asyncio.CancelledError, ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        for task in hanging:
            task.cancel()
        await asyncio.gather(*hanging, return_exceptions=True)


async def answer(
    writer: asyncio.StreamWriter, body: bytes, status: str = "200 OK", kind: str = "application/json", more: str = ""
) -> None:
    """Send one HTTP answer and close."""
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n{more}\r\n"
    )
    writer.write(head.encode() + body)
    await writer.drain()


def envelope(headers: dict[str, str], data: object, **changed: object) -> bytes:
    """Return what a register answers to a request with these headers."""
    register = headers["path"].split("/")[5]
    said: dict[str, object] = {
        "register": register,
        "subject": headers["x-subject"],
        "data": data,
        "recorded_at": "2026-11-23T09:30:00Z",
        "message_id": headers["x-road-id"],
    }
    return json.dumps(said | changed).encode()
