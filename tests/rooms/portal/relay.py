"""A line to a server that can be cut, or go silent, and be mended: what a network does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from urllib.parse import parse_qs, urlsplit, urlunsplit


class Line:
    """A line from a port of this machine to a database's socket. `url` is the database's address by this line."""

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)
        self._socket = f"{parse_qs(self._url.query)['host'][0]}/.s.PGSQL.{self._url.port or 5432}"
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._port = 0

    @property
    def url(self) -> str:
        """The database's address by this line."""
        who = self._url.netloc.rpartition("@")[0]
        return urlunsplit(self._url._replace(netloc=f"{who}@127.0.0.1:{self._port}", query=""))

    async def mend(self) -> None:
        """Let whatever comes go through."""
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        """Break every connection, and take no more."""
        if self._server:
            self._server.close()
        for writer in [*self._writers]:
            writer.transport.abort()
        await asyncio.sleep(0)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to, answers = await asyncio.open_unix_connection(self._socket)
        both = {writer, answers}
        self._writers |= both
        with suppress(OSError):
            await asyncio.wait(
                {asyncio.create_task(_pour(reader, answers)), asyncio.create_task(_pour(to, writer))},
                return_when=asyncio.FIRST_COMPLETED,
            )
        for each in both:
            each.transport.abort()
        self._writers -= both


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while part := await reader.read(65536):
            writer.write(part)
            await writer.drain()


@asynccontextmanager
async def line_to(url: str) -> AsyncGenerator[Line]:
    """Give a line to a database, cut in the end."""
    line = Line(url)
    await line.mend()
    yield line
    await line.cut()
