"""What a person does with an application that an office has: answer what was asked, appeal; and what time does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import UNSET
from uuid_utils.compat import uuid7

from i18n.text import _
from services.applications import attached, deadlines, form, step, store
from services.applications.application import LIFE, Application, State, Step
from services.applications.casework import find
from services.applications.office import correction
from services.applications.office import store as office
from services.applications.office.errors import TooLateToAppeal
from services.applications.office.message import TO_CITIZEN, Kind, Message, written
from services.applications.office.review import decision
from services.applications.progress import day
from services.applications.step import Enqueue
from services.applications.store import Connection
from services.applications.version import service_of
from services.attachments import store as attachments

_SILENCE = {
    "approval": _("The time limit passed without a decision. By law the application counts as approved."),
    "refusal": _("The time limit passed without a decision. By law the application counts as refused."),
}


def last_request(messages: Sequence[Message]) -> Message | None:
    """Return what the office asked last."""
    return next((message for message in reversed(messages) if message.kind == "request"), None)


async def said(connection: Connection, application_id: UUID) -> list[Message]:
    """Return what the office and the person said to each other, first to last; what the office keeps is left out."""
    return [message for message in await office.messages(connection, application_id) if message.kind in TO_CITIZEN]


async def reply(
    connection: Connection, application_id: UUID, person_id: UUID, data: form.Data, now: datetime
) -> Application:
    """Return the application, back in review with what was asked answered; its time limit goes on where it stood.

    Invalid names every field that cannot be taken. What is answered already stays.
    """
    asked = await find(connection, application_id, person_id, lock=True)
    replied = asked.after(Step.REPLY, now)
    service = await service_of(connection, asked)
    request = last_request(await office.messages(connection, application_id))
    page = correction.section(asked, service, request.questions if request else (), day(now))
    files = await attached.held(connection, application_id, page.questions)
    answers = correction.corrected(asked, service, page, data, day(now), attached=files)
    await attachments.forget_taken(connection, application_id)
    text = form.clean((data.get("text") or [""])[0], lines=True)
    if not text and request and request.questions:
        text = "–"  # the answers say it
    due = deadlines.resumed(asked.due_on or day(now), day(asked.updated_at), day(now))
    replied = msgspec.structs.replace(replied, answers=dict(answers), due_on=due)
    await _say(connection, replied, "reply", person_id, written(text))
    await store.save_answers(connection, replied)
    return await step.advance(connection, asked, replied, [step.event(replied, Step.REPLY, "citizen")])


async def appeal(
    connection: Connection, application_id: UUID, person_id: UUID, text: str, now: datetime
) -> Application:
    """Return the application, appealed against with the person's reasons; TooLateToAppeal after the time limit."""
    refused = await find(connection, application_id, person_id, lock=True)
    if refused.state is State.APPEALED:
        return refused
    appealed = refused.after(Step.APPEAL, now)
    if not may_appeal(refused, now):
        raise TooLateToAppeal
    due = day(now) + deadlines.APPEAL_DECIDED_WITHIN
    appealed = msgspec.structs.replace(appealed, officer_id=None, due_on=due)  # whoever takes it decided nothing yet
    await _say(connection, appealed, "appeal", person_id, written(text))
    return await step.advance(connection, refused, appealed, [step.event(appealed, Step.APPEAL, "citizen")])


def may_appeal(application: Application, now: datetime) -> bool:
    """Tell whether an office refused this and the time limit for an appeal runs."""
    decided = application.decided_at
    is_refused = application.state is State.REFUSED and application.desk is not None
    return is_refused and decided is not None and day(now) <= day(decided) + deadlines.APPEAL_WITHIN


async def expire(connection: Connection, application_id: UUID, now: datetime) -> Application:
    """Return the application, ended because what was asked was not answered in time; as it is when it was after all."""
    asked = await step.found(connection, application_id, lock=True)
    if asked.state is not State.AWAITING_CITIZEN:
        return asked
    expired = asked.after(Step.EXPIRE, now)
    return await step.advance(connection, asked, expired, [step.event(expired, Step.EXPIRE, "worker")])


async def decide_by_silence(
    connection: Connection, application_id: UUID, enqueue: Enqueue, now: datetime
) -> Application:
    """Return the application as the law has it when an office was silent; as it was where the law says nothing."""
    late = await step.found(connection, application_id, lock=True)
    silence = (await service_of(connection, late)).processing.silence
    is_late = late.due_on is not None and late.due_on < day(now) and (late.state, Step.APPROVE) in LIFE
    if silence is UNSET or not is_late:
        return late
    approve, text = silence == "approval", _SILENCE[silence].say(late.language)
    decided, taken = decision(late, text, now, approve=approve), Step.APPROVE if approve else Step.REFUSE
    await _say(connection, decided, "decision", None, text)
    decided = await step.advance(connection, late, decided, [step.event(decided, taken, "worker", "silence")])
    await step.follow(connection, decided, enqueue, now)
    return decided


async def _say(connection: Connection, application: Application, kind: Kind, author: UUID | None, text: str) -> None:
    message = Message(
        id=uuid7(),
        application_id=application.id,
        kind=kind,
        author_id=author,
        text=text,
        at=application.updated_at,
    )
    await office.say(connection, message)
