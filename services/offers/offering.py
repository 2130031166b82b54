"""What happens to offers: made of events, listed, accepted, declined; each once, whatever is done twice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7

from i18n.refusal import Invalid, NotFound
from i18n.text import Wording
from services.applications import casework, form, progress
from services.applications.application import Application
from services.applications.step import Enqueue
from services.catalogue.load import catalogue
from services.catalogue.service import Service
from services.offers import offer as offers
from services.offers import store, telling
from services.offers.errors import NotOpen, OtherDraft, Outdated
from services.offers.offer import KEPT, Offer, Standing, Whom, day_of
from services.offers.store import Connection
from services.registers import tracker
from services.registers.event import KINDS, Event
from services.registers.facts import Answer, Need
from services.registers.feed import Batch
from services.registers.seal import AuditKey
from services.registers.tracker import Read, Reader

MOST = 100  # that a person is shown

PURPOSE = Wording(
    "Për të parë nëse nga kjo ngjarje del diçka për ju, dhe për t'jua ofruar pa e kërkuar ju.",
    "Da vidimo da li iz ovog događaja nešto sledi i da vam to ponudimo, a da ne morate da tražite.",
    "To see whether something follows from this event for you, and to offer it without your having to ask.",
)
LAW = Wording(
    "Ligji Nr. 05/L-031 për Procedurën e Përgjithshme Administrative",
    "Zakon br. 05/L-031 o opštem upravnom postupku",
    "Law No. 05/L-031 on General Administrative Procedure",
)


async def take(connection: Connection, batch: Batch, enqueue: Enqueue, key: AuditKey, now: datetime) -> bool:
    """Make what follows from a batch of events, record that each was read, and go on behind it; all or nothing.

    Who wants to be offered nothing is offered nothing; that the event was read is recorded all the same. False when
    these events were taken already.
    """
    if not await store.go_on(connection, batch.since, batch.until):
        return False
    await tracker.record(connection, _reads(batch, now), key)
    refusing = await store.refusing(connection, {event.subject for event in batch.events})
    wanted = [event for event in batch.events if event.subject not in refusing]
    offered = {event.subject for event in wanted if await _make(connection, event, now)}
    await telling.tell(connection, offered, enqueue, now)
    return True


async def of(connection: Connection, person: Whom, now: datetime) -> list[Standing]:
    """Return how it stands with all that was offered to a person in half a year, the newest first."""
    found = [
        await _standing(connection, offer, person, now)
        for offer in await store.of(connection, person.personal_number, now - KEPT, MOST)
    ]
    return [standing for standing in found if standing]


async def open_of(connection: Connection, person: Whom, now: datetime) -> list[Standing]:
    """Return what waits for a person's answer."""
    return [standing for standing in await of(connection, person, now) if standing.state == "open"]


async def find(connection: Connection, offer_id: UUID, person: Whom, now: datetime, *, lock: bool = False) -> Standing:
    """Return how it stands with a person's own offer; NotFound for a stranger's, or one that is offered no more."""
    offer = await store.own(connection, offer_id, person.personal_number, now - KEPT, lock=lock)
    standing = await _standing(connection, offer, person, now) if offer else None
    if standing is None:
        raise NotFound
    return standing


async def accept(
    connection: Connection, offer_id: UUID, person: Whom, draft: Application, now: datetime
) -> Application:
    """Return the draft, filled in as offered and the offer accepted; accepted before, the application that it became.

    The draft's facts have been fetched, or a silent register owes them. NotOpen; OtherDraft when it answers otherwise
    already; Outdated when what was recorded then no longer stands.
    """
    standing = await find(connection, offer_id, person, now, lock=True)
    if standing.state == "accepted" and standing.application_id:
        return await casework.find(connection, standing.application_id, person.person_id)
    if standing.state != "open" or standing.service is None:
        raise NotOpen
    service = await casework.service_of(connection, draft)
    filled = await _filled(connection, draft, service, standing, now)
    await store.answer(connection, offer_id, "accepted", now, filled.id)
    return filled


async def decline(connection: Connection, offer_id: UUID, person: Whom, now: datetime) -> Standing:
    """Return how it stood with an offer that is now declined, or a reminder that is done with; twice is once."""
    standing = await find(connection, offer_id, person, now, lock=True)
    if standing.offer.answer is None:
        await store.answer(connection, offer_id, "declined", now)
    return standing


async def give_up(connection: Connection, offer_id: UUID, person: Whom, draft_id: UUID, now: datetime) -> None:
    """End an offer that is outdated, and throw away the draft that was begun for it, when nothing was typed in it."""
    standing = await find(connection, offer_id, person, now, lock=True)
    if standing.offer.answer is None:
        await store.answer(connection, offer_id, "outdated", now)
    draft = await casework.find(connection, draft_id, person.person_id, lock=True)
    if not draft.answers:
        await casework.discard(connection, draft_id, person.person_id, now)


def _reads(batch: Batch, now: datetime) -> Iterable[Read]:
    """Yield that the portal itself read each event, by what is left of the page's message."""
    for event in batch.events:
        need = Need(KINDS[event.kind].fact, PURPOSE, LAW)
        answer = Answer(need, batch.message_of(event), now, "ok", proof=batch.proof)
        yield from tracker.reads([answer], event.subject, Reader("system"), None, "worker")


async def _make(connection: Connection, event: Event, now: datetime) -> bool:
    """Make what follows from an event; tell whether there is anything new in it."""
    made: list[bool] = []
    for thing in offers.following(event, catalogue(), day_of(now)):
        service_id, reminder_id = (thing.id, None) if isinstance(thing, Service) else (None, thing.id)
        offer = Offer(uuid7(), event.subject, event.kind, event.day, event.about, service_id, reminder_id, now)
        made.append(await store.add(connection, offer))
    return any(made)


async def _standing(connection: Connection, offer: Offer, person: Whom, now: datetime) -> Standing | None:
    found, today = offers.terms(offer, catalogue()), day_of(now)
    if found is None:
        return None
    applied = None
    if offer.answer is None and offer.service_id:
        answers = offers.answers(offer, found[1], today)
        applied = await store.applied(connection, person.person_id, offer.service_id, answers, offer.day)
    return offers.standing(*found, offer, today, applied)


async def _filled(
    connection: Connection, draft: Application, service: Service, standing: Standing, now: datetime
) -> Application:
    """Return the draft with what the offer answers, page by page, as if she had chosen it herself."""
    today = progress.day(now)
    known, answers = progress.values(draft, service, today), offers.answers(standing.offer, standing.terms, today)
    if any(draft.answers.get(question) not in {None, answer} for question, answer in answers.items()):
        raise OtherDraft(draft.id)
    if not offers.is_still_so(standing.offer, standing.terms, known["applicant"], today):
        raise Outdated(draft.id)
    for section in service.sections:
        given = {question.id: answers[question.id] for question in section.questions if question.id in answers}
        if given:
            draft = await _answered(connection, draft, section.id, form.typed(section, given, known), now)
    return draft


async def _answered(
    connection: Connection, draft: Application, section_id: str, typed: form.Data, now: datetime
) -> Application:
    """Return the draft with one page answered; Outdated when the registers no longer have what is chosen."""
    try:
        return await casework.answer(connection, draft.id, draft.person_id, section_id, typed, now)
    except (Invalid, NotFound):
        raise Outdated(draft.id) from None
