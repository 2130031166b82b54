"""A clamd that knows one signature: it speaks INSTREAM over TCP, and may be taken away and put back."""

from __future__ import annotations

import asyncio
from typing import Self

from tests.files import EICAR


class Clamd:
    """A server at a port of its own; `seen` is how many files it was given."""

    def __init__(self) -> None:
        self.port, self.seen = 0, 0
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        await self.comes()
        return self

    async def __aexit__(self, *_fault: object) -> None:
        await self.goes()

    async def comes(self) -> None:
        """Listen, the second time at the same port."""
        self._server = await asyncio.start_server(self._answer, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def goes(self) -> None:
        """Listen no more."""
        if self._server:
            self._server.close()
            await self._server.wait_closed()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.readuntil(b"\0") == b"zINSTREAM\0"
        content = b""
        while size := int.from_bytes(await reader.readexactly(4)):
            content += await reader.readexactly(size)
        self.seen += 1
        writer.write(b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0")
        await writer.drain()
        writer.close()
