"""Listens for numbers that must not be heard: in all that a browser sends, is sent and shows, and in what is kept.

A number may stand on a person's own pages and in what she sends; not in an address, a header, a page's head, an
attribute that leads somewhere, a page that refuses, or anything that others read.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import asyncpg
from playwright.async_api import APIResponse, BrowserContext, Request, Response

from tests.parties import Demo

# A page says of itself what it shows, as soon as it is read and whenever htmx has put something new into it.
_SAYS = """
    const answer = performance.getEntriesByType("navigation")[0];
    const says = () => window.shown(answer.responseStatus, location.href, document.documentElement.outerHTML);
    document.addEventListener("DOMContentLoaded", says);
    document.addEventListener("htmx:afterSettle", says);
"""
_REFUSES, _TYPED_AGAIN = 400, 422  # a form that comes back holds what was typed
_NEAR = 60  # letters of what stands around a number that is found


@dataclass
class Ear:
    """Hears one browser. `typed`: addresses that she typed herself, with a number in them, and where they lead from."""

    context: BrowserContext
    numbers: Collection[str]
    typed: set[str] = field(default_factory=set[str])
    requests: list[Request] = field(default_factory=list[Request])
    responses: list[Response] = field(default_factory=list[Response])
    found: list[str] = field(default_factory=list[str])
    pages: int = 0

    async def listen(self) -> None:
        """Begin to hear."""
        self.context.on("request", self._asks)
        self.context.on("response", self._is_answered)
        await self.context.expose_function("shown", self.shows)  # pyright: ignore[reportUnknownMemberType] - untyped
        await self.context.add_init_script(_SAYS)

    def shows(self, status: int, url: str, html: str) -> None:
        """Note what is wrong with a page that was shown."""
        self.pages += 1
        page = _Page(self.numbers)
        page.feed(html)
        said = page.found
        if status >= _REFUSES and status != _TYPED_AGAIN:
            said = [*said, *_around(html, self.numbers)]
        self.found += [f"shown with {status} at {_nameless(url, self.numbers)}: {each}" for each in said]

    async def answers(self, answer: APIResponse) -> None:
        """Note what is wrong with an answer to what no page asks for."""
        headers = [(one["name"], one["value"]) for one in answer.headers_array]
        self.found += self._headers("answered", headers)
        self.shows(answer.status, answer.url, await answer.text())

    async def leaks(self, *, strangers: Collection[str] = ()) -> list[str]:
        """Return all that was found; nothing may be sent to the origins of `strangers`, whose pages know nobody."""
        for request in self.requests:
            self.found += await self._sent(request, strangers)
        for response in self.responses:
            self.found += self._headers("answered", list((await response.all_headers()).items()))
        for cookie in await self.context.cookies():
            self.found += [f"cookie {cookie.get('name')}"] * any(one in cookie.get("value", "") for one in self.numbers)
        return self.found

    def _asks(self, request: Request) -> None:
        self.requests.append(request)

    def _is_answered(self, response: Response) -> None:
        self.responses.append(response)

    async def _sent(self, request: Request, strangers: Collection[str]) -> list[str]:
        if request.url in self.typed:
            return []
        headers = {name: value for name, value in (await request.all_headers()).items() if value not in self.typed}
        found = [f"asked for: {each}" for each in _around(request.url, self.numbers)]
        found += self._headers("sent", list(headers.items()))
        if request.url.startswith(tuple(strangers)):
            found += [f"told {request.url}: {each}" for each in _around(request.post_data or "", self.numbers)]
        return found

    def _headers(self, way: str, headers: Sequence[tuple[str, str]]) -> list[str]:
        return [f"{way} {name}: {each}" for name, value in headers for each in _around(value, self.numbers)]


class _Page(HTMLParser):
    """Finds numbers in a page's title and in any attribute but the value of a field, which is sent and not shown."""

    def __init__(self, numbers: Collection[str]) -> None:
        super().__init__()
        self.found: list[str] = []
        self._numbers = numbers
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_title = tag == "title"
        for name, value in attrs:
            if name != "value":
                self.found += [f"<{tag} {name}>: {each}" for each in _around(value or "", self._numbers)]

    def handle_endtag(self, tag: str) -> None:
        self._in_title = self._in_title and tag != "title"

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.found += [f"<title>: {each}" for each in _around(data, self._numbers)]


def files(demo: Demo) -> Iterator[Path]:
    """Yield what the demo writes for people who run it: the console, every party's log, PostgreSQL's, and the mail."""
    directory = demo.settings.demo_directory
    yield demo.said
    yield from (directory / "logs").iterdir()
    yield from (directory / "postgres").glob("*log*")
    yield from (directory / "mail" / "new").iterdir()


def written(file: Path) -> bytes:
    """Return what stands in a file, and of a mail all its parts too, as a mail program reads them."""
    content = file.read_bytes() if file.is_file() else b""
    if file.parent.parent.name != "mail":
        return content
    mail = message_from_bytes(content, policy=policy.default)
    parts = [part.get_payload(decode=True) or b"" for part in mail.walk() if not part.is_multipart()]
    return b"\n".join([content, *(str(header).encode() for header in mail.values()), *parts])  # type: ignore[list-item]


async def in_tables(
    connection: asyncpg.Connection[asyncpg.Record], schema: str, numbers: Collection[str], known: Collection[str] = ()
) -> AsyncIterator[str]:
    """Yield each table of a schema, but those that are `known` to hold a number, in which one stands, and where."""
    tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = $1 ORDER BY 1", schema)
    for name in (row["tablename"] for row in tables if row["tablename"] not in known):
        for row in await connection.fetch(f'SELECT * FROM "{schema}"."{name}"'):  # noqa: S608 - the database's own name
            for column, value in _columns(row).items():
                if _holds(value, numbers):
                    yield f"{name}.{column}"


def _columns(row: asyncpg.Record) -> Mapping[str, Any]:
    return dict(row)


def _holds(value: object, numbers: Collection[str]) -> bool:
    if isinstance(value, bytes):
        return any(number.encode() in value for number in numbers)
    return any(number in str(value) for number in numbers)


def _around(text: str, numbers: Collection[str]) -> list[str]:
    """Return for each number that stands in a text what stands around it, the number itself struck out."""
    return [
        _nameless(text[max(0, at - _NEAR) : at + len(number) + _NEAR], numbers)
        for number in numbers
        if (at := text.find(number)) >= 0
    ]


def _nameless(text: str, numbers: Collection[str]) -> str:
    for number in numbers:
        text = text.replace(number, "##########")
    return text
