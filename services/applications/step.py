"""One step taken: the application as it then is, the event that tells of it, and what follows, kept together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

import msgspec

from i18n.refusal import NotFound
from services.applications import progress, recording, store
from services.applications.application import Actor, Application, Event, RefusalReason, State, Step
from services.applications.deadlines import due_on
from services.applications.duration import Duration, between
from services.applications.errors import ChangedElsewhere
from services.applications.member import desk_of
from services.applications.store import Connection
from services.attachments import store as attachments
from services.catalogue.decision import Objection, municipality
from services.catalogue.service import Service

# Puts a background task on the queue in the connection's transaction: task name, payload (the application's id).
# Tasks: "issue" after an approval, "refused" after a refusal, "fetch_facts" while a register owes one.
Enqueue = Callable[[Connection, str, bytes], Awaitable[None]]


async def send(  # noqa: PLR0917 - an act names all that it takes
    connection: Connection,
    before: Application,
    service: Service,
    objection: Objection | None,
    actor: Actor,
    enqueue: Enqueue,
    now: datetime,
) -> Application:
    """Return the application on its way, now that all is known: to its signature, its fee, or its decision.

    What was sent while a register was silent is judged as on the day when it was sent.
    """
    today = progress.day(before.submitted_at or now)
    cents = 0 if objection else progress.fee(before, service, today)
    step = Step.BILL if cents else Step.SUBMIT
    if not objection and progress.signers(before, service, today) != "none":
        step = Step.ASK_SIGNATURE
    sent = msgspec.structs.replace(before.after(step, now), fee_cents=cents)
    taken = event(sent, step, actor)
    if step is not Step.SUBMIT:
        return await advance(connection, before, sent, [taken])
    return await decide(connection, before, sent, taken, service=service, objection=objection, enqueue=enqueue, now=now)


async def decide(
    connection: Connection,
    before: Application,
    submitted: Application,
    *events: Event,
    service: Service,
    objection: Objection | None,
    enqueue: Enqueue,
    now: datetime,
) -> Application:
    """Decide by rule, in the moment of submission or payment; what follows is queued in the same transaction.

    What no rule refuses goes to the office where officers decide: its time limit begins, since all is there now.
    """
    if objection is None and service.processing.decision != "rule":
        return await advance(connection, before, _handed_in(submitted, service, now), list(events))
    if objection is None:
        decided, step = submitted.after(Step.APPROVE, now), Step.APPROVE
    else:
        reason = RefusalReason(objection.rule, objection.message)
        refused = submitted.after(Step.REFUSE, now)
        decided, step = msgspec.structs.replace(refused, refusal=reason), Step.REFUSE
    detail = objection.rule if objection else None
    await advance(connection, before, decided, [*events, event(decided, step, "rule", detail)])
    await follow(connection, decided, enqueue, now)
    return decided


async def follow(connection: Connection, decided: Application, enqueue: Enqueue, now: datetime) -> None:
    """Put on its way what follows a decision: the document, and what registers are told; or that it was refused."""
    is_approved = decided.state is State.APPROVED
    if is_approved:
        await recording.tell(connection, decided, "decision", enqueue, now)
    await enqueue(connection, "issue" if is_approved else "refused", str(decided.id).encode())


def _handed_in(submitted: Application, service: Service, now: datetime) -> Application:
    """Return the application at its desk: the institution, or its office in the municipality that the case names."""
    today = progress.day(now)
    known = progress.values(submitted, service, progress.day(submitted.submitted_at or now))
    desk = desk_of(service.institution.id, municipality(service, known))
    return msgspec.structs.replace(submitted, desk=desk, due_on=due_on(today, service.processing.days))


def event(application: Application, step: Step, actor: Actor, detail: str | None = None) -> Event:
    """Return the event that tells of a step, just taken."""
    return Event(application.revision, step, application.state, actor, application.updated_at, detail)


async def advance(connection: Connection, before: Application, after: Application, events: list[Event]) -> Application:
    """Keep how far an application came, with its events; ChangedElsewhere when someone else was faster.

    What was attached to it is forgotten where nobody works on it any more and nothing was decided.
    """
    if after.state in {State.WITHDRAWN, State.EXPIRED}:
        await attachments.forget(connection, after.id)
    return await kept(store.advance(connection, after, before.revision, events, _took(before, after)), after)


def _took(before: Application, after: Application) -> Duration | None:
    """Return within what it was decided, by the step that does so first."""
    if before.decided_at or not after.decided_at or not after.submitted_at:
        return None
    return between(after.submitted_at, after.decided_at)


async def kept(saving: Awaitable[bool], application: Application) -> Application:
    """Return the application once it is saved; ChangedElsewhere when it is not."""
    if not await saving:
        raise ChangedElsewhere
    return application


async def found(connection: Connection, application_id: UUID, *, lock: bool) -> Application:
    """Return an application, whoever's it is."""
    application = await store.any_of(connection, application_id, lock=lock)
    if application is None:
        raise NotFound
    return application
