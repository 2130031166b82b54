"""A draft of an older version of a service, gone on with as the service is given now, if the person says so."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from msgspec.structs import replace

from services.applications import progress, reuse, step, store
from services.applications.application import Application, State, Step
from services.applications.asking import is_answered
from services.applications.casework import find
from services.applications.kinds.attaching import files
from services.applications.store import Connection
from services.catalogue.load import catalogue
from services.catalogue.question import Question
from services.catalogue.service import Service


def version_of(application: Application) -> Service | None:
    """Return the newer version that a draft may go on with; None where there is none, or it was sent."""
    now = catalogue().get(application.service_id)
    is_draft = application.state is State.DRAFT
    return now if is_draft and now and now.version > application.service_version else None


def still_asked(draft: Application, service: Service, today: date) -> list[Question]:
    """Return what would be left to answer in the newer version, as far as that can be told now."""
    moved = _moved(draft, service, today)
    known = progress.values(moved, service, today)
    pages = progress.shown(service, known)
    asked = [question for section in pages for question in progress.asked(section, known)]
    return [question for question in asked if not is_answered(question, moved.answers, known)]


async def go_on(connection: Connection, application_id: UUID, person_id: UUID, now: datetime) -> Application:
    """Return the draft in the version that is given now, with the answers that still fit; done twice it is done once.

    What the newer version asks of no register goes. NotFound.
    """
    draft = await find(connection, application_id, person_id, lock=True)
    service = version_of(draft)
    if service is None:
        return draft
    await store.keep_definition(connection, service)
    moved = _moved(draft.after(Step.ANSWER, now), service, progress.day(now))
    taken = step.event(moved, Step.ANSWER, "citizen", "version")
    return await step.kept(store.save_draft(connection, moved, draft.revision, [taken]), moved)


def _moved(draft: Application, service: Service, today: date) -> Application:
    needed = {need.name for need in service.facts}
    facts = tuple(fact for fact in draft.facts if fact.name in needed)
    bare = replace(draft, service_version=service.version, answers={}, facts=facts)
    fitting = reuse.fitting(bare, service, draft.answers, today, files(draft.answers))
    return progress.with_answers(bare, service, fitting, today)
