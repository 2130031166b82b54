"""What people do with applications: begin, answer, submit, pay, receive, withdraw.

Every verb runs inside the caller's transaction, reaches nobody outside (facts are fetched before, see
`progress.needs`), and keeps the application together with the event that tells what was done.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import msgspec
from uuid_utils.compat import uuid7

from i18n.refusal import NotFound
from i18n.text import Language
from services.applications import attached, form, progress, recording, step, store
from services.applications.application import (
    Application,
    Event,
    State,
    Step,
    Summary,
    new_reference,
)
from services.applications.errors import AlreadyPaid, AlreadyRated, ChangedElsewhere, Incomplete
from services.applications.step import Enqueue
from services.applications.store import Connection
from services.applications.version import service_of
from services.attachments import store as attachments
from services.catalogue.service import Service
from services.registers.facts import Fact

PAGE = 20


async def begin(  # noqa: PLR0917 - an act names all that it takes
    connection: Connection,
    service: Service,
    person_id: UUID,
    channel: str,
    language: Language,
    facts: Iterable[Fact],
    now: datetime,
) -> Application:
    """Return a new draft, or the person's live draft of this service with its answers, its facts read again."""
    while True:
        draft = await store.draft_of(connection, person_id, service.id)
        if draft is not None:
            return await _with_facts(connection, draft, facts, now)
        draft = _draft(service, person_id, channel=channel, language=language, facts=tuple(facts), now=now)
        if await store.add(connection, draft, service, step.event(draft, Step.BEGIN, "citizen")):
            return draft


async def refresh_facts(
    connection: Connection, application: Application, facts: Iterable[Fact], now: datetime
) -> Application:
    """Return the draft with these facts in place of older ones; its revision grows only when one says other things."""
    draft = await store.own(connection, application.id, application.person_id, lock=True)
    if draft is None:
        raise NotFound
    return await _with_facts(connection, draft, facts, now)


async def dispute(  # noqa: PLR0917 - an act names all that it takes
    connection: Connection, application_id: UUID, person_id: UUID, fact: Fact, reference: str, now: datetime
) -> Application:
    """Return the draft with one of its facts marked as wrong, by the reference of the case that says so."""
    draft = await find(connection, application_id, person_id, lock=True)
    marked = tuple(replace(each, disputed=reference) if each == fact else each for each in draft.facts)
    if marked == draft.facts:
        return draft
    changed = msgspec.structs.replace(draft.after(Step.DISPUTE, now), facts=marked)
    taken = step.event(changed, Step.DISPUTE, "citizen", fact.name)
    return await step.kept(store.save_draft(connection, changed, draft.revision, [taken]), changed)


async def answer(  # noqa: PLR0917 - an act names all that it takes
    connection: Connection, application_id: UUID, person_id: UUID, section_id: str, data: form.Data, now: datetime
) -> Application:
    """Return the draft with one page answered; Invalid names every field that cannot be taken.

    Answers that are no longer asked go, and so does what the registers said about a child who is no longer meant.
    """
    draft = await find(connection, application_id, person_id, lock=True)
    changed = draft.after(Step.ANSWER, now)
    service = await service_of(connection, draft)
    known = progress.values(draft, service, progress.day(now))
    section = next((one for one in progress.shown(service, known) if one.id == section_id), None)
    if section is None:
        raise NotFound
    known = {**known, "attached": await attached.held(connection, draft.id, section.questions)}
    answers = draft.answers | form.parse(section, data, known, service.computations())
    changed = progress.with_answers(changed, service, answers, progress.day(now))
    if changed.answers == draft.answers:
        return draft
    taken = step.event(changed, Step.ANSWER, "citizen", section_id)
    return await step.kept(store.save_draft(connection, changed, draft.revision, [taken]), changed)


async def submit(  # noqa: PLR0917 - an act names all that it takes
    connection: Connection, application_id: UUID, person_id: UUID, revision: int, enqueue: Enqueue, now: datetime
) -> Application:
    """Return the submitted application: awaiting its signature or its fee, or decided when it is free or refused.

    While a register owes a fact it waits for that, and goes on by itself. `revision` is the one that the person saw on
    the check page: ChangedElsewhere when there is a newer one. A second submission returns what the first one made.
    Incomplete when a question is not answered.
    """
    draft = await find(connection, application_id, person_id, lock=True)
    if draft.state not in {State.DRAFT, State.WITHDRAWN}:
        return draft
    draft.after(Step.SUBMIT, now)
    if draft.revision != revision:
        raise ChangedElsewhere
    service = await service_of(connection, draft)
    today = progress.day(now)
    if not all(page.done for page in progress.pages(draft, service, today)):
        raise Incomplete
    objection = progress.stop(draft, service, today)
    if objection is None and progress.owed(service, draft, now):
        deferred = draft.after(Step.DEFER, now)
        await enqueue(connection, "fetch_facts", str(draft.id).encode())
        return await step.advance(connection, draft, deferred, [step.event(deferred, Step.DEFER, "citizen")])
    return await step.send(connection, draft, service, objection, "citizen", enqueue, now)


async def settle_payment(
    connection: Connection, application_id: UUID, payment_id: UUID, enqueue: Enqueue, now: datetime
) -> Application:
    """Return the application, paid and decided. The same payment again changes nothing; another one is AlreadyPaid."""
    billed = await step.found(connection, application_id, lock=True)
    if billed.payment_id == payment_id:
        return billed
    if billed.payment_id is not None:
        raise AlreadyPaid
    paid = msgspec.structs.replace(billed.after(Step.PAY, now), payment_id=payment_id)
    service = await service_of(connection, paid)
    # As on the day of submission: what was promised then is not taken back because the payment came at midnight.
    # What was signed was without objection on the day when its signature was asked.
    is_signed = any(event.step is Step.SIGN for event in await store.events(connection, application_id))
    objection = None if is_signed else progress.stop(paid, service, progress.day(paid.submitted_at or now))
    taken = step.event(paid, Step.PAY, "payments")
    await recording.tell(connection, paid, "payment", enqueue, now)
    return await step.decide(
        connection, billed, paid, taken, service=service, objection=objection, enqueue=enqueue, now=now
    )


async def issue(connection: Connection, application_id: UUID, document_id: UUID, now: datetime) -> Application:
    """Return the application with its document; the same document again changes nothing."""
    approved = await step.found(connection, application_id, lock=True)
    if approved.document_id == document_id:
        return approved
    issued = msgspec.structs.replace(approved.after(Step.ISSUE, now), document_id=document_id)
    return await step.advance(connection, approved, issued, [step.event(issued, Step.ISSUE, "worker")])


async def withdraw(connection: Connection, application_id: UUID, person_id: UUID, now: datetime) -> Application:
    """Return the application, taken back before it was decided; taking it back twice changes nothing."""
    application = await find(connection, application_id, person_id, lock=True)
    if application.state is State.WITHDRAWN:
        return application
    withdrawn = application.after(Step.WITHDRAW, now)
    return await step.advance(connection, application, withdrawn, [step.event(withdrawn, Step.WITHDRAW, "citizen")])


async def discard(connection: Connection, application_id: UUID, person_id: UUID, now: datetime) -> None:
    """Throw a draft away, with what was typed and what the registers said."""
    draft = await find(connection, application_id, person_id, lock=True)
    if draft.state is State.WITHDRAWN:
        return
    gone = msgspec.structs.replace(draft.after(Step.DISCARD, now), answers={}, facts=(), beneficiary=None)
    await attachments.forget(connection, application_id)
    await step.kept(
        store.save_draft(connection, gone, draft.revision, [step.event(gone, Step.DISCARD, "citizen")]), gone
    )


async def mark_rated(connection: Connection, application_id: UUID, person_id: UUID, now: datetime) -> Application:
    """Return the finished application, now rated: AlreadyRated the second time. What was said is kept elsewhere."""
    application = await find(connection, application_id, person_id, lock=True)
    rated = application.after(Step.RATE, now)
    if application.rated_at is not None:
        raise AlreadyRated
    return await step.advance(connection, application, rated, [step.event(rated, Step.RATE, "citizen")])


async def find(connection: Connection, application_id: UUID, person_id: UUID, *, lock: bool = False) -> Application:
    """Return the person's own application; a stranger meets NotFound."""
    application = await store.own(connection, application_id, person_id, lock=lock)
    if application is None:
        raise NotFound
    return application


async def mine(connection: Connection, person_id: UUID, after: UUID | None = None, limit: int = PAGE) -> list[Summary]:
    """Return the person's applications, newest first, that come after the one named `after`."""
    return await store.page(connection, person_id, after, limit)


async def history(connection: Connection, application_id: UUID, person_id: UUID) -> list[Event]:
    """Return what happened to the person's own application, first to last."""
    await find(connection, application_id, person_id)
    return await store.events(connection, application_id)


async def any_of(connection: Connection, application_id: UUID) -> Application:
    """Return an application, whoever's it is: for the worker, never for a page."""
    return await step.found(connection, application_id, lock=False)


def due(application: Application) -> int:
    """Return the cents to pay now; Refused when the application waits for no payment."""
    application.after(Step.PAY, application.updated_at)
    return application.fee_cents or 0


def _draft(
    service: Service, person_id: UUID, *, channel: str, language: Language, facts: tuple[Fact, ...], now: datetime
) -> Application:
    return Application(
        id=uuid7(),
        reference=new_reference(now),
        service_id=service.id,
        service_version=service.version,
        person_id=person_id,
        channel=channel,
        language=language,
        state=State.DRAFT,
        facts=facts,
        revision=1,
        created_at=now,
        updated_at=now,
    )


async def _with_facts(connection: Connection, draft: Application, facts: Iterable[Fact], now: datetime) -> Application:
    changed = draft.after(Step.READ_FACTS, now)
    merged = progress.merged(draft.facts, facts)
    service = await service_of(connection, draft)
    named = progress.settled(msgspec.structs.replace(draft, facts=merged), service, progress.day(now))
    if named.answers != draft.answers or [(fact.name, fact.about, fact.value) for fact in merged] != [
        (fact.name, fact.about, fact.value) for fact in draft.facts
    ]:
        changed = msgspec.structs.replace(
            changed, facts=named.facts, answers=named.answers, beneficiary=named.beneficiary
        )
        taken = step.event(changed, Step.READ_FACTS, "citizen")
        return await step.kept(store.save_draft(connection, changed, draft.revision, [taken]), changed)
    same = msgspec.structs.replace(draft, facts=merged)
    if merged != draft.facts:
        await store.save_facts(connection, same)
    return same
