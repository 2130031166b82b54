"""Who looked at my data: every reading, whether the record is whole, and the record to take home."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath, FromQuery

from i18n.refusal import NotFound
from portal.pages import data_export, data_words
from portal.session import anyone, citizen, now
from portal.visit import Visit
from services.cases import desk
from services.registers import tracker
from services.registers.audit import inclusion
from services.registers.audit import store as days
from services.registers.signature import Keys

PAGE = 20
WORDS = {"facts": data_words.SOURCES, "fields": data_words.FIELDS, "day_of": tracker.day_of, "words": data_words}


@get("/data", guards=[citizen])
async def data(request: Visit, after: FromQuery[UUID | None] = None, who: FromQuery[str] = "") -> Response[Any]:
    """List every reading of the person's data, newest first; with `who=others` without her own."""
    found = await looks(request, request.person.personal_number, after, others=who == "others")
    return request.page("data", WORDS, section="data", child=None, others=who == "others", **found)


@get("/data/days", guards=[anyone])
async def sealed_days(request: Visit, before: FromQuery[date | None] = None) -> Response[Any]:
    """List the sealed days with their signed heads: anyone may keep them, so that nobody can rewrite them later."""
    async with request.database.connect() as connection:
        found = await days.days(connection, before, PAGE)
    more = found[-1]["day"] if len(found) == PAGE else None
    return request.page("data/days", days=found, more=more, keys=request.audit_key.published())


@get("/data/days/{day:date}", guards=[citizen])
async def proof(request: Visit, day: FromPath[date]) -> Response[Any]:
    """Show whether the person's readings of a day stand in the day's sealed head."""
    found = await _found(request, day)
    holds = found is not None and found.holds(Keys(request.audit_key.published()))
    return request.page("data/proof", section="data", day=day, found=found, holds=holds, facts=data_words.SOURCES)


@get("/data/days/{day:date}/proof.json", guards=[citizen])
async def proof_file(request: Visit, day: FromPath[date]) -> Response[Any]:
    """Return the same to be checked by oneself: texts, hashes, the way to the root, the signed head and its key."""
    found = await _found(request, day)
    if found is None:
        raise NotFound
    return data_export.proof(found, request.audit_key.published())


@get("/data/export/{kind:str}", guards=[citizen])
async def export(request: Visit, kind: FromPath[str]) -> Response[Any]:
    """Return the whole record as a file: `reads.json`, `reads.csv` or `reads.pdf`."""
    if kind not in data_export.KINDS:
        raise NotFound
    return await data_export.file(request, kind)


async def _found(request: Visit, day: date) -> inclusion.Inclusion | None:
    async with request.database.connect() as connection:
        return await inclusion.of(connection, request.person.personal_number, day, now())


async def looks(request: Visit, number: str, after: UUID | None, *, others: bool = False) -> dict[str, Any]:
    """Return a page of the readings about whoever has the number, and where the next begins.

    With them the initials of other citizens, and which of them the person who is signed in has questioned.
    """
    async with request.database.connect() as connection:
        reads = await tracker.of(connection, number, now(), after, PAGE, by_others=others)
        names = await tracker.names(connection, reads)
        asked = await desk.questioned(connection, request.person.person_id, [read.id for read in reads])
    more = reads[-1].id if len(reads) == PAGE else None
    return {"reads": reads, "more": more, "names": names, "asked": asked}
