"""What signing does to an application: it goes on when all have signed, or back to being a draft, or it lapses."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from services.applications import step, store
from services.applications.application import Application, State, Step
from services.applications.casework import find
from services.applications.errors import AnotherDraft
from services.applications.step import Enqueue
from services.applications.store import Connection
from services.applications.version import service_of


async def sign(
    connection: Connection, application_id: UUID, enqueue: Enqueue, now: datetime, *, is_last: bool
) -> Application:
    """Return the application with one more signature; after the last one it goes on.

    It goes on as it stood when its signature was asked: by that day's rules, at the fee that was signed.
    """
    asked = await step.found(connection, application_id, lock=True)
    signed = asked.after(Step.SIGN, now)
    event = step.event(signed, Step.SIGN, "citizen")
    if not is_last:
        return await step.advance(connection, asked, signed, [event])
    if signed.fee_cents:
        billed = signed.after(Step.BILL, now)
        return await step.advance(connection, asked, billed, [event, step.event(billed, Step.BILL, "citizen")])
    submitted = signed.after(Step.SUBMIT, now)
    events = [event, step.event(submitted, Step.SUBMIT, "citizen")]
    service = await service_of(connection, submitted)
    return await step.decide(
        connection, asked, submitted, *events, service=service, objection=None, enqueue=enqueue, now=now
    )


async def reopen(connection: Connection, application_id: UUID, person_id: UUID, now: datetime) -> Application:
    """Return the application as a draft again, to change an answer: what was signed so far is void.

    AnotherDraft when the person has meanwhile begun a new one of the same service.
    """
    asked = await find(connection, application_id, person_id, lock=True)
    if asked.state is State.DRAFT:
        return asked
    draft = msgspec.structs.replace(asked.after(Step.REOPEN, now), fee_cents=None, submitted_at=None)
    if await store.draft_of(connection, person_id, asked.service_id) is not None:
        raise AnotherDraft
    return await step.advance(connection, asked, draft, [step.event(draft, Step.REOPEN, "citizen")])


async def lapse(connection: Connection, application_id: UUID, now: datetime) -> Application:
    """Return the application, ended because not everyone signed in time."""
    asked = await step.found(connection, application_id, lock=True)
    lapsed = asked.after(Step.LAPSE, now)
    return await step.advance(connection, asked, lapsed, [step.event(lapsed, Step.LAPSE, "worker")])
