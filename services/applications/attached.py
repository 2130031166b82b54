"""What is attached to an application as its questions see it, and that a draft's answers name what is there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from services.applications import progress, step
from services.applications import store as applications
from services.applications.application import Application, State, Step
from services.applications.kinds.attaching import Named
from services.applications.store import Connection
from services.applications.version import service_of
from services.attachments import store
from services.catalogue.question import File, Question


async def held(connection: Connection, application_id: UUID, questions: Iterable[Question]) -> dict[str, list[Named]]:
    """Return by question what is attached now and not harmful; nobody is asked where no question is for files."""
    if not any(isinstance(question, File) for question in questions):
        return {}
    found: dict[str, list[Named]] = {}
    for one in await store.of_application(connection, application_id):
        if one.standing != "harmful":
            found.setdefault(one.question, []).append(one.named())
    return found


async def settle(connection: Connection, sha256: bytes, found: str | None, now: datetime) -> list[Application]:
    """Return the applications to which a content is attached in which a late scan found something harmful.

    What it found is noted; a draft that named what is harmful has to be answered again. Applications are held before
    the content, as by whoever attaches something.
    """
    named = [
        await applications.any_of(connection, application_id, lock=True)
        for application_id in await store.bearers(connection, sha256)
    ]
    await store.settle(connection, sha256, found, now)
    bearers = [application for application in named if application is not None and found]
    for application in bearers:
        if application.state is State.DRAFT:
            await follow(connection, application, now)
    return bearers


async def follow(connection: Connection, draft: Application, now: datetime) -> Application:
    """Return the draft, whose answers name what is attached now where they named something; the rest is asked again."""
    service = await service_of(connection, draft)
    asked = [
        question for question in service.questions() if isinstance(question, File) and question.id in draft.answers
    ]
    attached = await held(connection, draft.id, asked)
    gone = {one.id for one in asked if one.id not in attached and draft.answers[one.id] is not None}
    answers = {name: attached.get(name, answer) for name, answer in draft.answers.items() if name not in gone}
    if answers == draft.answers:
        return draft
    changed = progress.with_answers(draft.after(Step.ANSWER, now), service, answers, progress.day(now))
    taken = step.event(changed, Step.ANSWER, "citizen", "files")
    return await step.kept(applications.save_draft(connection, changed, draft.revision, [taken]), changed)
