"""The record of who looked as a file of one's own: JSON and CSV for machines, PDF for people, a proof for checking."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Any
from uuid import UUID

import msgspec
from litestar import Response
from litestar.response import Stream

from i18n.format import moment
from i18n.text import Language, Sayable
from portal.pages import data_words as words
from portal.session import now
from portal.visit import Visit
from services.documents import listing
from services.registers import chain, tracker
from services.registers.audit.inclusion import Inclusion
from services.registers.read import Read

KINDS = ("reads.json", "reads.csv", "reads.pdf")
_AT_ONCE = 500
_ON_PAPER = 1000  # readings; the other files hold all
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_COLUMNS = (
    "id", "at", "fact", "register", "reader_kind", "office", "institution", "reason", "purpose", "legal_basis",
    "application_id", "channel", "outcome", "message_id",
)  # fmt: skip


async def file(request: Visit, kind: str) -> Response[Any]:
    """Return the file of this kind."""
    if kind == "reads.pdf":
        return _named(await _paper(request), "application/pdf", kind)
    lines = _csv if kind == "reads.csv" else _json
    media_type = "text/csv; charset=utf-8" if kind == "reads.csv" else "application/json"
    return Stream(lines(request), media_type=media_type, headers=_headers(kind))


def proof(found: Inclusion, keys: Mapping[str, Any]) -> Response[bytes]:
    """Return a day's readings with all that leads to the signed head; docs/decisions/0036 says how to check it."""
    said = {
        "day": found.day,
        "head": found.signed,
        "keys": keys,
        "chains": [
            {
                "chain": one.chain.text().decode(),
                "reads": [text.decode() for text in one.texts],
                "path": one.path.hex(),
                "leaf": one.chain.leaf().hex(),
                "root": chain.arrive(one.chain.leaf(), one.path).hex(),
            }
            for one in found.chains
        ],
    }
    return _named(msgspec.json.encode(said), "application/json", f"proof-{found.day:%Y-%m-%d}.json")


async def _every(request: Visit) -> AsyncIterator[list[Read]]:
    """Yield all readings, a page at a time; no connection is held between two."""
    after: UUID | None = None
    while True:
        async with request.database.connect() as connection:
            page = await tracker.of(connection, request.person.personal_number, now(), after, _AT_ONCE)
        if page:
            yield page
        if len(page) < _AT_ONCE:
            return
        after = page[-1].id


async def _json(request: Visit) -> AsyncIterator[bytes]:
    opening = b"[\n"
    async for page in _every(request):
        for read in page:
            yield opening + msgspec.json.encode(dict(zip(_COLUMNS, _values(read, request.language), strict=True)))
            opening = b",\n"
    yield b"\n]\n" if opening == b",\n" else b"[]\n"


async def _csv(request: Visit) -> AsyncIterator[bytes]:
    yield "\ufeff".encode()  # spreadsheets take it for UTF-8 by this
    yield _line(_COLUMNS)
    async for page in _every(request):
        yield b"".join(_line(_values(read, request.language)) for read in page)


def _line(values: Iterable[object]) -> bytes:
    """Return a line as RFC 4180 has it; what a spreadsheet would take for a formula gets an apostrophe before it."""
    said = ["" if value is None else str(value) for value in values]
    written = io.StringIO()
    csv.writer(written).writerow([f"'{value}" if value.startswith(_FORMULA) else value for value in said])
    return written.getvalue().encode()


def _values(read: Read, language: Language) -> tuple[object, ...]:
    def say(word: Sayable) -> str:
        return word.say(language)

    source = words.SOURCES[read.fact]
    return (
        str(read.id),
        read.at.isoformat(),
        say(source.label),
        say(source.register.name),
        say(words.KINDS[read.reader.kind]),
        read.reader.role and say(words.office(read.reader)),
        read.reader.institution,
        read.reader.reason and say(words.reason(read.reader)),
        say(read.purpose),
        say(read.legal_basis),
        read.application_id and str(read.application_id),
        say(words.CHANNELS[read.channel]),
        say(words.ending(read)),
        str(read.message_id),
    )


async def _paper(request: Visit) -> bytes:
    async with request.database.connect() as connection:
        reads = await tracker.of(connection, request.person.personal_number, now(), None, _ON_PAPER)
        names = await tracker.names(connection, reads)
    return await asyncio.to_thread(listing.compose, _sheet(request, reads, names), request.settings.assets / "fonts")


def _sheet(request: Visit, reads: list[Read], names: Mapping[UUID, str]) -> listing.Listing:
    language = request.language
    rows = [
        (
            moment(read.at, language),
            words.SOURCES[read.fact].label.say(language),
            words.reader(read, request.person.person_id, names).say(language),
            f"{read.purpose.say(language)} {read.legal_basis.say(language)}",
            words.ending(read).say(language),
        )
        for read in reads
    ]
    name = f"{request.person.given_name} {request.person.family_name}"
    return listing.Listing(words.TITLE.say(language), name, language, now(), words.head(language), tuple(rows))


def _named(body: bytes, media_type: str, name: str) -> Response[bytes]:
    return Response(body, media_type=media_type, headers=_headers(name))


def _headers(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
