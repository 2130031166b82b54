"""An application begun with what an earlier one answered: only what is still asked, and still fits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from i18n.refusal import Invalid, Refused
from i18n.text import _
from services.applications import form, progress, step, store
from services.applications.application import FINISHED, Application, Step
from services.applications.casework import find
from services.applications.kinds.attaching import are_files
from services.applications.store import Connection
from services.applications.version import service_of
from services.catalogue.question import File, Question
from services.catalogue.service import Service


class NotFinished(Refused):
    """Only what is finished is begun again."""

    def __init__(self) -> None:
        super().__init__("not_finished", _("This application is not finished yet, so its answers are still in use."))


def may_reuse(former: Application) -> bool:
    """Tell whether something is finished that has answers to use again."""
    return former.state in FINISHED and bool(former.answers)


async def former(connection: Connection, application_id: UUID, person_id: UUID) -> Application:
    """Return the person's own finished application; NotFinished, NotFound."""
    found = await find(connection, application_id, person_id)
    if not may_reuse(found):
        raise NotFinished
    return found


async def fill(
    connection: Connection, draft_id: UUID, answers: Mapping[str, Any], person_id: UUID, now: datetime
) -> Application:
    """Return the draft with these earlier answers where it has none yet; what no longer fits is left to be asked."""
    draft = await find(connection, draft_id, person_id, lock=True)
    filled, service, today = draft.after(Step.ANSWER, now), await service_of(connection, draft), progress.day(now)
    filled = progress.with_answers(filled, service, fitting(draft, service, answers, today), today)
    if filled.answers == draft.answers:
        return draft
    taken = step.event(filled, Step.ANSWER, "citizen", "reuse")
    return await step.kept(store.save_draft(connection, filled, draft.revision, [taken]), filled)


def fitting(
    draft: Application,
    service: Service,
    former: Mapping[str, Any],
    today: date,
    attached: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the draft's answers, and of the former ones those that its own questions would take today.

    Files are not among them: what was attached to another application is attached anew. `attached` are its own.
    """
    answers = dict(draft.answers)
    for section in service.sections:
        for question in section.questions:
            known = {**progress.values(replace(draft, answers=answers), service, today), "attached": attached or {}}
            if (
                question.id in answers
                or former.get(question.id) is None
                or _is_filed(question, former, attached or {})
                or section not in progress.shown(service, known)
            ):
                continue
            alone = replace(section, questions=(question,))
            try:
                answers |= form.parse(alone, form.typed(alone, former, known), known)
            except Invalid:
                continue  # asked again
    return answers


def _is_filed(question: Question, former: Mapping[str, Any], attached: Mapping[str, Any]) -> bool:
    """Tell whether files are asked for that do not belong to this application, or something else is than files were."""
    return question.id not in attached if isinstance(question, File) else are_files(former[question.id])
