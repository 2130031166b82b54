"""Questions about my data: why was this looked at, this is wrong; what was asked, and what the answer is."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from i18n.refusal import Invalid, NotFound
from portal.pages import data_words
from portal.pages.data_children import children_of
from portal.session import citizen, now
from portal.visit import Visit
from services.cases import case as cases
from services.cases import desk
from services.registers import tracker
from services.registers.facts import FACTS, REGISTERS, Source
from services.registers.read import Read


@get("/data/{read_id:uuid}/question", guards=[citizen])
async def question(request: Visit, read_id: FromPath[UUID]) -> Response[Any]:
    """Show one reading, and ask what she wants to know about it."""
    kept = await request.typed(request.path)
    return await _question(request, await _look(request, read_id), (kept or {}).get("text", [""])[0], {})


@post("/data/{read_id:uuid}/question", guards=[citizen], status_code=303)
async def ask(request: Visit, read_id: FromPath[UUID]) -> Response[Any]:
    """Open a case with the data protection officer; a look is questioned once, whatever is clicked."""
    text, read = (await request.first("text"))["text"], await _look(request, read_id)
    asked = (request.person.person_id, _answers(read), read.register, read.fact)
    try:
        async with request.database.transaction() as connection:
            case = await desk.ask(connection, *asked, text, now(), read_id=read.id)
    except Invalid as invalid:
        return await _question(request, read, text, request.errors(invalid))
    return request.to(f"/data/questions/{case.id}")


@get("/my-data/{register:str}/{fact:str}/correction", guards=[citizen])
async def correction(request: Visit, register: FromPath[str], fact: FromPath[str]) -> Response[Any]:
    """Ask what is wrong in what a register holds."""
    kept = await request.typed(request.path)
    return _correction(request, _source(register, fact), (kept or {}).get("text", [""])[0], {})


@post("/my-data/{register:str}/{fact:str}/correction", guards=[citizen], status_code=303)
async def correct(request: Visit, register: FromPath[str], fact: FromPath[str]) -> Response[Any]:
    """Open a case with the register's owner; what is open already is not opened again."""
    source, text = _source(register, fact), (await request.first("text"))["text"]
    asked = (request.person.person_id, source.register.institution, register, fact)
    try:
        async with request.database.transaction() as connection:
            case = await desk.ask(connection, *asked, text, now())
    except Invalid as invalid:
        return _correction(request, source, text, request.errors(invalid))
    return request.to(f"/data/questions/{case.id}")


@get("/data/questions", guards=[citizen])
async def questions(request: Visit, after: FromQuery[UUID | None] = None) -> Response[Any]:
    """List what she asked, newest first."""
    async with request.database.connect() as connection:
        found = await desk.of(connection, request.person.person_id, after)
    more = found[-1].id if len(found) == desk.PAGE else None
    return request.page(
        "data/questions", section="data", cases=found, more=more, facts=data_words.SOURCES, said=cases.SAID, at=now()
    )


@get("/data/questions/{case_id:uuid}", guards=[citizen])
async def one(request: Visit, case_id: FromPath[UUID]) -> Response[Any]:
    """Show a case: what she asked, by when the answer comes, and the answer."""
    async with request.database.connect() as connection:
        found = await desk.find(connection, case_id, request.person.person_id)
    context = {"facts": data_words.SOURCES, "said": cases.SAID, "keeper": _keeper(found.institution), "at": now()}
    return request.page("data/case", context, section="data", case=found)


def _answers(read: Read) -> str:
    """Return who answers for a look: the institution that looked, or for citizens and the portal the register's."""
    return read.reader.institution or data_words.SOURCES[read.fact].register.institution


def _source(register: str, fact: str) -> Source:
    source = FACTS.get(fact)
    if source is None or source.register.code != register:
        raise NotFound
    return source


def _keeper(institution: str) -> Any:  # noqa: ANN401 - words, or an id where we have none
    return next((one.keeper for one in REGISTERS.values() if one.institution == institution), institution)


async def _look(request: Visit, read_id: UUID) -> Read:
    """Return a look at her or, when it was at nobody whom she is, at a child of hers; NotFound for a stranger."""
    async with request.database.connect() as connection:
        with suppress(NotFound):
            return await tracker.one(connection, read_id, [request.person.personal_number], now())
    numbers = [child.number for child in await children_of(request)]
    async with request.database.connect() as connection:
        return await tracker.one(connection, read_id, numbers, now())


async def _question(request: Visit, read: Read, text: str, errors: dict[str, str]) -> Response[Any]:
    async with request.database.connect() as connection:
        names = await tracker.names(connection, [read])
    at_child = read.subject != request.person.personal_number
    who = data_words.reader(read, request.person.person_id, names, at_child=at_child)
    source, ended = data_words.SOURCES[read.fact], data_words.ending(read)
    context: dict[str, Any] = {"read": read, "who": who, "source": source, "ended": ended}
    back, status = "/data/children" if at_child else "/data", 422 if errors else 200
    return request.page("data/question", context, status=status, section="data", back=back, text=text, errors=errors)


def _correction(request: Visit, source: Source, text: str, errors: dict[str, str]) -> Response[Any]:
    back = f"/{request.language}/my-data/{source.register.code}"
    said = {"back": back, "in_application": False, "text": text}
    context = {"source": source, "action": f"/{request.language}{request.path}", **said}
    return request.page("data/correction", context, status=422 if errors else 200, section="data", errors=errors)
