"""HTTP written by hand, for what no client would send."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status 0 when the connection was closed without a word."""

    status: int
    headers: dict[str, str]
    body: bytes


async def send(
    url: str, request: bytes, *, host: str = "localhost", headers: bytes = b"", body: bytes = b"", whole: bool = True
) -> Answer:
    """Send a request line with these headers and body, and read the answer to its end."""
    place = urlsplit(url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    length = f"Content-Length: {len(body)}\r\n".encode() if body else b""
    writer.write(request + f"\r\nHost: {host}\r\n".encode() + headers + length + b"Connection: close\r\n\r\n" + body)
    try:
        await writer.drain()
        return _read(await asyncio.wait_for(reader.read() if whole else reader.read(65536), 20))
    except ConnectionError:
        return Answer(0, {}, b"")
    finally:
        writer.close()


def _read(answer: bytes) -> Answer:
    if not answer:
        return Answer(0, {}, b"")
    head, _blank, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _colon, value in (line.partition(":") for line in lines)}
    return Answer(int(first.split(" ")[1]), headers, body)
