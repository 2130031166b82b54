"""An appeal is decided by an officer who had no say in the decision: upheld, or dismissed with reasons."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from services.applications import step
from services.applications.application import Application, Step
from services.applications.member import Member
from services.applications.office import review
from services.applications.office.message import written
from services.applications.step import Enqueue
from services.applications.store import Connection


async def decide(  # noqa: PLR0917 - an act names all that it takes
    connection: Connection,
    member: Member,
    application_id: UUID,
    revision: int,
    text: str,
    enqueue: Enqueue,
    now: datetime,
    *,
    uphold: bool,
) -> Application:
    """Return the application: approved after all, with its document on the way; or its refusal left standing.

    AlreadyInvolved for who decided or gave an opinion before.
    """
    before = await review.held(connection, member, application_id, revision)
    taken = Step.UPHOLD if uphold else Step.DISMISS
    decided = before.after(taken, now)
    await review.refuse_involved(connection, member, before)
    if uphold:
        decided = replace(decided, refusal=None)
    await review.say(connection, decided, "appeal_decision", member, written(text))
    decided = await step.advance(connection, before, decided, [step.event(decided, taken, "officer")])
    if uphold:
        await step.follow(connection, decided, enqueue, now)
    return decided
