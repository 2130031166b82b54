"""This is wrong: said of a register while applying. A case is opened, and the application goes on with the mark."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath

from i18n.refusal import Invalid, NotFound
from portal.database import Connection
from portal.session import citizen, now
from portal.visit import Visit
from services.applications import casework
from services.applications.application import State
from services.cases import desk
from services.registers.facts import FACTS, Fact


@get("/applications/{application_id:uuid}/facts/{message_id:uuid}/correction", guards=[citizen])
async def correction(request: Visit, application_id: FromPath[UUID], message_id: FromPath[UUID]) -> Response[Any]:
    """Ask what is wrong in a fact of her draft."""
    kept = await request.typed(request.path)
    async with request.database.connect() as connection:
        fact = await _fact(request, connection, application_id, message_id)
    return _page(request, application_id, fact, (kept or {}).get("text", [""])[0], {})


@post("/applications/{application_id:uuid}/facts/{message_id:uuid}/correction", guards=[citizen], status_code=303)
async def dispute(request: Visit, application_id: FromPath[UUID], message_id: FromPath[UUID]) -> Response[Any]:
    """Open a case with the register's owner and mark the fact; said twice it is one case."""
    text, person_id = (await request.first("text"))["text"], request.person.person_id
    async with request.database.transaction() as connection:
        fact = await _fact(request, connection, application_id, message_id)
        try:
            case = await _ask(request, connection, fact, text)
        except Invalid as invalid:
            return _page(request, application_id, fact, text, request.errors(invalid))
        await casework.dispute(connection, application_id, person_id, fact, case, now())
    return request.to(f"/applications/{application_id}/check")


async def _fact(request: Visit, connection: Connection, application_id: UUID, message_id: UUID) -> Fact:
    draft = await casework.find(connection, application_id, request.person.person_id)
    found = next((fact for fact in draft.facts if fact.message_id == message_id), None)
    if found is None or draft.state is not State.DRAFT:
        raise NotFound
    return found


async def _ask(request: Visit, connection: Connection, fact: Fact, text: str) -> str:
    """Return the reference of the case, new or open already."""
    person, register = request.person, FACTS[fact.name].register
    about = None if fact.about == person.personal_number else fact.about
    asked = (person.person_id, register.institution, register.code, fact.name)
    return (await desk.ask(connection, *asked, text, now(), about=about)).reference


def _page(request: Visit, application_id: UUID, fact: Fact, text: str, errors: dict[str, str]) -> Response[Any]:
    base = f"/{request.language}/applications/{application_id}"
    context = {"source": FACTS[fact.name], "back": f"{base}/check", "in_application": True, "text": text}
    action = f"{base}/facts/{fact.message_id}/correction"
    return request.page(
        "data/correction", context, status=422 if errors else 200, section="applications", action=action, errors=errors
    )
