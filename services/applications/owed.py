"""What happens to an application that was sent while a register was silent: it takes the answer, and goes on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import msgspec

from services.applications import progress, step, store
from services.applications.application import Application, State, Step
from services.applications.step import Enqueue
from services.applications.store import Connection
from services.applications.version import service_of
from services.registers.facts import Fact


async def take(
    connection: Connection, application_id: UUID, facts: Iterable[Fact], enqueue: Enqueue, now: datetime
) -> Application:
    """Return the application with these facts; once nothing is owed any more it goes on, or back to its person.

    It goes back as a draft where the registers leave something to ask: which of two children, which vehicle.
    """
    waiting = await step.found(connection, application_id, lock=True)
    if waiting.state is not State.AWAITING_FACTS:
        return waiting
    service = await service_of(connection, waiting)
    today = progress.day(waiting.submitted_at or now)
    merged = msgspec.structs.replace(waiting, facts=progress.merged(waiting.facts, facts))
    known = await _kept(connection, waiting, progress.settled(merged, service, today), now)
    objection = progress.stop(known, service, today)
    if objection is None and not all(page.done for page in progress.pages(known, service, today)):
        return await hand_back(connection, known, now)
    if objection is None and progress.owed(service, known, now):
        return known
    return await step.send(connection, known, service, objection, "worker", enqueue, now)


async def hand_back(connection: Connection, waiting: Application, now: datetime) -> Application:
    """Return the application as a draft, since its person must answer; as it was where she has begun another one."""
    if await store.draft_of(connection, waiting.person_id, waiting.service_id) is not None:
        return waiting
    draft = msgspec.structs.replace(waiting.after(Step.HAND_BACK, now), submitted_at=None)
    return await step.advance(connection, waiting, draft, [step.event(draft, Step.HAND_BACK, "worker")])


async def _kept(connection: Connection, before: Application, known: Application, now: datetime) -> Application:
    if known == before:
        return before
    read = msgspec.structs.replace(
        before.after(Step.READ_FACTS, now), facts=known.facts, answers=known.answers, beneficiary=known.beneficiary
    )
    taken = step.event(read, Step.READ_FACTS, "worker")
    return await step.kept(store.save_draft(connection, read, before.revision, [taken]), read)
