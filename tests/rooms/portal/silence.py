"""Outside parties that misbehave: real servers on this machine that hang, refuse, or answer with something else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager


@asynccontextmanager
async def hanging() -> AsyncGenerator[str]:
    """Give the address of someone who takes every request and never answers."""
    told = asyncio.Event()

    async def hang(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await told.wait()
        writer.transport.abort()

    async with _serving(hang) as url:
        yield url
        told.set()


@asynccontextmanager
async def answering(status: str, body: bytes, kind: str = "text/html") -> AsyncGenerator[str]:
    """Give the address of someone who answers everything the same."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        writer.write(head.encode() + body)
        await writer.drain()
        writer.close()

    async with _serving(answer) as url:
        yield url


@asynccontextmanager
async def _serving(serve: object) -> AsyncGenerator[str]:
    server = await asyncio.start_server(serve, "127.0.0.1", 0)  # type: ignore[arg-type]
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
