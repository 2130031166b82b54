"""Files that come with a form: each examined, scanned and kept with its application before anything else counts."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import structlog
from litestar.datastructures import UploadFile
from uuid_utils.compat import uuid7

from i18n.text import Sayable, Text
from portal.database import Connection
from portal.session import now
from portal.visit import Visit
from services.applications import attached, casework
from services.applications.application import Application, State, Step
from services.applications.kinds.attaching import files
from services.applications.kinds.kind import in_each
from services.attachments import examination, keeping, store
from services.attachments.attachment import (
    Attachment,
    Limits,
    Problem,
    bare_name,
    media_types,
    shown_name,
    taken_here,
    why_not,
)
from services.attachments.examination import Examined
from services.attachments.scan import ScannerAway
from services.catalogue.question import File, Question
from services.catalogue.service import Service

_log = structlog.get_logger("portal.attaching")
LARGEST = 64_000_000  # bytes of a form; each file has its own bound
ACT = "files"  # a button's name: it adds what was chosen, or takes a file away, and stays on the page
Must = Callable[[Application], None]
_REMOVE = re.compile(r"remove ([0-9a-f-]{36})")


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of the files of a form: what is wrong, by question; `stays` when nothing else was asked for."""

    wrong: Mapping[str, Sayable]
    stays: bool


NOTHING = Taken({}, stays=False)


def answerable(application: Application) -> None:
    """Refuse where an application can be answered neither by its person nor once more for an office."""
    application.after(Step.REPLY if application.state is State.AWAITING_CITIZEN else Step.ANSWER, now())


async def take(
    request: Visit, application_id: UUID, questions: Iterable[Question], must_be: Must = answerable
) -> Taken:
    """Keep the files of a form that can be taken, and take away the one that a button names.

    `must_be` refuses an application to which nothing can be attached now.
    """
    form = await request.form()
    act = (await request.first(ACT))[ACT]
    asked = [question for question in questions if isinstance(question, File)]
    if found := _REMOVE.fullmatch(act):
        await _take_away(request, application_id, UUID(found[1]), asked, must_be)
    wrong: dict[str, Sayable] = {}
    for question in asked:
        sent = [file for file in form.getall(question.id, []) if isinstance(file, UploadFile)]
        limits = request.settings.attachment_limits.of(question)
        taken = [await _attach(request, application_id, question, file, must_be) for file in sent[: limits.of_question]]
        surplus = [why_not("too_many", bare_name(file.filename), question, limits) for file in sent[len(taken) :]]
        if said := [problem for problem in (*taken, *surplus) if problem]:
            wrong[question.id] = _together(said)
    return Taken(wrong, bool(act))


async def shown(request: Visit, context: dict[str, Any], at: str) -> dict[str, Any]:
    """Return a page of questions' context with what is attached to those for files; `at`: where its form goes."""
    fields, application = context["fields"], context["application"]
    if not any(isinstance(field["question"], File) for field in fields):
        return context
    async with request.database.connect() as connection:
        there = await store.of_application(connection, application.id)
    for field in fields:
        field["at"] = f"/{request.language}{at}"
        if isinstance(question := field["question"], File):
            limits = request.settings.attachment_limits.of(question)
            lines = [line(request, one, _own(request, one)) for one in there if one.question == question.id]
            field |= {"files": lines, "accept": media_types(question.types), "takes": taken_here(question, limits)}
            field["multiple"] = limits.of_question > 1
    return context


async def listed(
    request: Visit, connection: Connection, application: Application, service: Service, base: str
) -> list[dict[str, Any]]:
    """Return the files that an application's answers name, by question; `base`: what comes before their addresses."""
    named = files(application.answers)
    if not named:
        return []
    there = {str(one.id): one for one in await store.of_application(connection, application.id, all_=True)}
    found: list[dict[str, Any]] = []
    for question in service.questions():
        ids = [each["id"] for each in named.get(question.id, ()) if each["id"] in there]
        lines = [line(request, there[each], f"{base}/attachments/{each}") for each in ids]
        found += [{"label": question.label, "files": lines}] if lines else []
    return found


def line(request: Visit, one: Attachment, address: str) -> dict[str, Any]:
    """Return an attached file as pages/parts/attached.html shows it: without an address where it cannot be opened."""
    is_open = one.standing == "clean" or (one.standing == "waiting" and request.parties.scanner is None)
    return {
        "id": str(one.id),
        "name": one.name,
        "size": one.size,
        "sha256": one.sha256.hex(),
        "located": one.located,
        "href": address if is_open else "",
        "standing": "open" if is_open else one.standing,
    }


async def _attach(request: Visit, application_id: UUID, question: File, file: UploadFile, must_be: Must) -> Text | None:
    """Attach one file, or return in a sentence why not."""
    limits = request.settings.attachment_limits.of(question)
    content = await file.read(limits.size + 1)
    examined = await _examined(content, question, limits)
    problem = examined.problem
    if problem is None and examined.type is not None:
        made = Attachment(
            id=uuid7(),
            application_id=application_id,
            question=question.id,
            name=shown_name(file.filename, examined.type),
            type=examined.type,
            size=len(content),
            sha256=hashlib.sha256(content).digest(),
            located=examined.located,
            attached_at=now(),
            standing="waiting",
        )
        problem = await _keep(request, made, content, limits, must_be)
    return why_not(problem, bare_name(file.filename), question, limits) if problem else None


async def _examined(content: bytes, question: File, limits: Limits) -> Examined:
    if not content:
        return Examined(None, "empty")
    if len(content) > limits.size:
        return Examined(None, "too_large")
    found = await examination.examine(content)
    return found if found.problem or found.type in question.types else Examined(None, "other_type")


async def _keep(request: Visit, made: Attachment, content: bytes, limits: Limits, must_be: Must) -> Problem | None:
    """Scan a file, where there is a scanner, and keep it; one that the scanner cannot answer for waits."""
    found = None
    if request.parties.scanner:
        try:
            found = await request.parties.scanner.found(content)
            made = replace(made, standing="clean")
        except ScannerAway as away:
            _log.warning("scanner_away", code=away.code, attachment_id=str(made.id))
    async with request.database.transaction() as connection:
        application = await _changing(request, connection, made.application_id, must_be)
        if found is not None:
            return await keeping.refuse_harmful(connection, made, found, now())
        problem = await keeping.attach(connection, made, content, limits, now())
        await _follow(connection, application)
    return problem


async def _take_away(
    request: Visit, application_id: UUID, attachment_id: UUID, asked: Sequence[File], must_be: Must
) -> None:
    """Take away a file of one of these questions; of a draft it is forgotten at once."""
    async with request.database.transaction() as connection:
        application = await _changing(request, connection, application_id, must_be)
        found = await keeping.find(connection, application_id, attachment_id)
        if found.question in {question.id for question in asked}:
            await store.take_away(connection, application_id, attachment_id, now())
            await _follow(connection, application)


async def _changing(request: Visit, connection: Connection, application_id: UUID, must_be: Must) -> Application:
    """Return the person's own application, held; Refused where what is attached to it cannot change now."""
    found = await casework.find(connection, application_id, request.person.person_id, lock=True)
    must_be(found)
    return found


async def _follow(connection: Connection, application: Application) -> None:
    """Let a draft's answers name what is attached now; an office is answered when the answer is sent."""
    if application.state is State.DRAFT:
        await store.forget_taken(connection, application.id)
        await attached.follow(connection, application, now())


def _own(request: Visit, one: Attachment) -> str:
    return f"/{request.language}/applications/{one.application_id}/attachments/{one.id}"


def _together(said: Sequence[Text]) -> Sayable:
    return in_each(lambda language: " ".join(sentence.say(language) for sentence in said))
