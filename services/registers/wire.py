"""HTTP to the registers: one message, one answer, read to a limit. aiohttp, because decision 35 measured it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

import aiohttp
import msgspec

SECONDS = 3.0
_LARGEST_ANSWER = 1_000_000  # bytes
_CHUNK = 65_536
Shape = TypeVar("Shape")


@dataclass(frozen=True, slots=True)
class Response:
    """An answer as it came; the names of headers are found in any case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def read(self, decoder: msgspec.json.Decoder[Shape]) -> Shape:
        """Return the body in its shape; raise Broken for one that is not of it, or nested without end."""
        try:
            return decoder.decode(self.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Broken(f"malformed answer ({type(error).__name__})") from None


class Broken(Exception):  # noqa: N818 - told to people as RegisterUnreachable
    """The other side did not answer as HTTP does; `reason` is for the log and never holds what was sent."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def new_session() -> aiohttp.ClientSession:
    """Return connections for a gateway: no cookies, no proxies, nothing unpacked; who opens it closes it."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0),  # the seats of each register are the limit
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=SECONDS),
        auto_decompress=False,
        trust_env=False,
    )


async def get(http: aiohttp.ClientSession, url: str, headers: Mapping[str, str]) -> Response:
    """Return the answer. A connection that broke is tried once more: reading changes nothing at the register.

    Raises Broken for a connection that breaks again, TimeoutError for an answer that takes too long.
    """
    try:
        return await _once(http, url, headers)
    except TimeoutError:
        raise
    except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError):
        return await _again(http, url, headers)
    except aiohttp.ClientError as error:
        raise Broken(type(error).__name__) from None


async def post(http: aiohttp.ClientSession, url: str, headers: Mapping[str, str], body: bytes) -> Response:
    """Return the answer to what is told, once: who tells it again knows under which id.

    Raises Broken for a connection that breaks, TimeoutError for an answer that takes too long.
    """
    try:
        async with http.post(url, headers=headers, data=body, allow_redirects=False) as response:
            return await _read(response)
    except TimeoutError:
        raise
    except aiohttp.ClientError as error:
        raise Broken(type(error).__name__) from None


async def _again(http: aiohttp.ClientSession, url: str, headers: Mapping[str, str]) -> Response:
    try:
        return await _once(http, url, headers)
    except TimeoutError:
        raise
    except aiohttp.ClientError as error:
        raise Broken(type(error).__name__) from None


async def _once(http: aiohttp.ClientSession, url: str, headers: Mapping[str, str]) -> Response:
    async with http.get(url, headers=headers, allow_redirects=False) as response:
        return await _read(response)


async def _read(response: aiohttp.ClientResponse) -> Response:
    body = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        body += chunk
        if len(body) > _LARGEST_ANSWER:
            raise Broken("answer too large")
    return Response(response.status, response.headers, bytes(body))
