"""Catches every SMS of the demo, as a gateway would take it, and keeps each as a file that anyone can read."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from uuid import UUID

_LARGEST = 4096  # bytes
_BROKEN = (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError, KeyError, ValueError)


@asynccontextmanager
async def texted(directory: Path, port: int, token: str) -> AsyncGenerator[None]:
    """Take messages on a port of this machine from whoever has the token, while the block runs; each becomes a file."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            status = await _taken(reader, directory, token)
        except _BROKEN:
            status = "400 Bad Request"
        with suppress(ConnectionError):
            writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(connected, "localhost", port)
    try:
        yield
    finally:
        server.close()


async def _taken(reader: asyncio.StreamReader, directory: Path, token: str) -> str:
    """Keep one message, and return the status to answer with; the same message again is the same file."""
    request, headers = _head(await reader.readuntil(b"\r\n\r\n"))
    body = await reader.readexactly(min(int(headers["content-length"]), _LARGEST))
    if headers.get("authorization") != f"Bearer {token}":
        return "401 Unauthorized"
    if not request.startswith("POST /messages "):
        return "404 Not Found"
    _keep(directory, UUID(headers["idempotency-key"]), json.loads(body))
    return "202 Accepted"


def _keep(directory: Path, name: UUID, said: Mapping[str, str]) -> None:
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    (directory / f"{name}.txt").write_text(f"To: {said['to']}\n\n{said['text']}\n", encoding="utf-8")


def _head(head: bytes) -> tuple[str, Mapping[str, str]]:
    request, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines if line)
    return request, {name.lower(): value.strip() for name, _colon, value in pairs}
