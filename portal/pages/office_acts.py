"""What is done with a case, each on a page of its own. What cannot be done comes back as it was typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from i18n.refusal import Invalid, NotFound, Refused
from i18n.text import _
from portal.database import Connection
from portal.pages import office_words
from portal.pages.office_words import ACTS, TEMPLATES, Name
from portal.queue import enqueue
from portal.session import now, officer
from portal.visit import Fields, Visit
from services.applications import casework, progress
from services.applications.application import Application
from services.applications.office import correction, review, second_instance, writing
from services.notices import inbox


@get("/office/{application_id:uuid}/{act:str}", guards=[officer])
async def show(
    request: Visit, application_id: FromPath[UUID], act: FromPath[str], template: FromQuery[str] = ""
) -> Response[Any]:
    """Show the page of an act; a decision's reasons are filled in from a template."""
    name = _named(act)
    kept = await request.typed(request.path) or {}
    async with request.database.connect() as connection:
        context = await _context(request, connection, application_id, name)
    texts = TEMPLATES.get(name, {})
    filled = texts.get(template) or next(iter(texts.values()), None)
    text = filled[1].say(context["application"].language) if filled else ""
    return request.page("office/act", context | {"typed": {"text": [text]} | kept, "errors": {}})


@post("/office/{application_id:uuid}/{act:str}", guards=[officer], status_code=303)
async def do(request: Visit, application_id: FromPath[UUID], act: FromPath[str]) -> Response[Any] | Redirect:
    """Do it; who was slower than a colleague is told, and may send what she typed again."""
    name, typed = _named(act), await request.fields()
    try:
        async with request.database.transaction() as connection:
            await _do(request, connection, application_id, name, typed)
    except Invalid as invalid:
        return await _again(request, application_id, name, typed, request.errors(invalid), 422)
    except Refused as refused:
        return await _again(request, application_id, name, typed, {"": refused.sentence.say(request.language)}, 409)
    return request.to(f"/office/{application_id}?done={name}")


async def _do(request: Visit, connection: Connection, application_id: UUID, name: Name, typed: Fields) -> None:
    member, text, at = request.member, _first(typed, "text"), now()
    here = (connection, member, application_id)
    shown = (*here, office_words.number(_first(typed, "revision")))
    if name == "note":
        await review.note(*here, text, at)
    elif name == "message":
        told = await writing.answer(*here, text, at)
        await inbox.tell(connection, told, "office_answered", enqueue, at)
    elif name == "request":
        asked = await review.ask(*shown, typed.get("questions") or [], text, at)
        await inbox.tell(connection, asked, "asked", enqueue, at)
    elif name == "handover":
        await review.hand_over(*shown, _colleague(typed), text, at)
    elif name == "second-opinion":
        await review.ask_opinion(*shown, text, at)
    elif name == "opinion":
        if not (said := _first(typed, "is_for")):
            raise Invalid({"is_for": _("Choose whether you are for or against.")})
        await review.give_opinion(*shown, text, at, is_for=said == "yes")
    elif name in {"uphold", "dismissal"}:
        decided = await second_instance.decide(*shown, text, enqueue, at, uphold=name == "uphold")
        if name == "dismissal":
            await inbox.tell(connection, decided, "dismissed", enqueue, at)
    else:
        await review.decide(*shown, text, enqueue, at, approve=name == "approval")


async def _again(  # noqa: PLR0917 - what was typed, and why it comes back
    request: Visit, application_id: UUID, name: Name, typed: Fields, errors: dict[str, str], status: int
) -> Response[Any]:
    async with request.database.connect() as connection:
        context = await _context(request, connection, application_id, name)
    return request.page("office/act", context | {"typed": typed, "errors": errors}, status=status)


async def _context(request: Visit, connection: Connection, application_id: UUID, name: Name) -> dict[str, Any]:
    found = await review.find(connection, request.member, application_id)
    service = await casework.service_of(connection, found)
    asked = correction.questions(found, service, progress.day(now())) if name == "request" else []
    language = request.language
    return {
        "section": "office",
        "application": found,
        "service": service,
        "name": name,
        "act": ACTS[name],
        "templates": [(key, title) for key, (title, _text) in TEMPLATES.get(name, {}).items()],
        "questions": [{"value": one.id, "text": one.label.say(language)} for one in asked],
        "colleagues": await _colleagues(request, connection, found) if name == "handover" else [],
        "verdicts": [
            {"value": "yes", "text": _("To approve").say(language)},
            {"value": "no", "text": _("To refuse").say(language)},
        ],
    }


async def _colleagues(request: Visit, connection: Connection, found: Application) -> list[Mapping[str, str]]:
    others = await review.colleagues(connection, request.member, found)
    return [{"value": str(one.person_id), "text": one.name} for one in others]


def _named(act: str) -> Name:
    if act not in ACTS:
        raise NotFound
    return cast("Name", act)


def _colleague(typed: Fields) -> UUID:
    try:
        return UUID(_first(typed, "colleague"))
    except ValueError:
        raise Invalid({"colleague": _("Choose a colleague.")}) from None


def _first(typed: Fields, name: str) -> str:
    return (typed.get(name) or [""])[0]
