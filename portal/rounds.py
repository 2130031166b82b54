"""What the worker looks after every minute, because something that should have come may not have."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta
from uuid import UUID

import structlog

from i18n.refusal import Refusal
from payments import ledger
from payments.payment import Payment
from portal import store
from portal.database import Database
from portal.pages.payment import ask
from portal.parties import Parties
from portal.queue import enqueue
from portal.session import IDLE
from portal.way_back import KEPT_SECONDS
from services.applications import attached
from services.applications import store as applications
from services.applications.application import State
from services.applications.deadlines import REPLY_WITHIN
from services.applications.office import answering
from services.applications.office import store as offices
from services.attachments import store as attachments
from services.attachments.scan import Scanner, ScannerAway
from services.batches import deciding
from services.batches import store as batches
from services.documents.revocation import revoking
from services.documents.revocation import store as revocations
from services.notices import inbox
from services.offers import offering
from services.offers import store as offers
from services.offers.offer import KEPT
from services.registers.audit.sealing import seal
from services.registers.posting import delivery
from services.registers.posting import store as postings
from services.registers.seal import AuditKey
from services.registers.tracker import day_of
from services.signing import collect
from services.signing import store as signatures

_log = structlog.get_logger("portal.rounds")
_SILENT = timedelta(minutes=2)  # a payment without news for so long is asked after
_LATE = timedelta(minutes=1)  # a document that is not there so long after approval is asked for again
_FORGOTTEN = timedelta(days=1)  # a signing that nobody goes on with
_UNTIL_MIDNIGHT = timedelta(days=1)  # the last day to answer is hers until it ends
_AT_ONCE = 8
_TRIES = 3  # files that the scanner could not answer for, until the next round
_AFTER_MIDNIGHT = timedelta(minutes=5)  # what was read just before is recorded by then


async def ask_after_payments(database: Database, parties: Parties, now: datetime) -> None:
    """Ask the provider about each payment whose return and message were both lost, until it answers nothing more."""
    after: UUID | None = None
    seats = asyncio.Semaphore(_AT_ONCE)
    while True:
        async with database.connect() as connection:
            silent = await ledger.open_since(connection, now - _SILENT, after)
        if not any(await asyncio.gather(*(_has_news(database, parties, payment, seats) for payment in silent))):
            return
        after = silent[-1].id


async def _has_news(database: Database, parties: Parties, payment: Payment, seats: asyncio.Semaphore) -> bool:
    """Tell whether the provider answered for this payment; one that it cannot answer for holds up no other."""
    try:
        async with seats:
            await ask(database, parties, payment)
    except Refusal as refusal:
        _log.warning("payment_unread", code=refusal.code, payment_id=str(payment.id))
        return False
    return True


async def ask_for_documents(database: Database, now: datetime) -> None:
    """Put approved applications whose document is late onto the queue again; those that wait there wait once."""
    async with database.transaction() as connection:
        for application_id in await applications.approved_before(connection, now - _LATE):
            await enqueue(connection, "issue", str(application_id).encode())


async def ask_for_facts(database: Database, now: datetime) -> None:
    """Have facts that are owed fetched again; applications that wait on the queue wait there once."""
    async with database.transaction() as connection:
        for application_id in await applications.awaiting_facts(connection, now - _LATE):
            await enqueue(connection, "fetch_facts", str(application_id).encode())


async def ask_again(database: Database, now: datetime) -> None:
    """Have registers told what they have not recorded, and corrected documents made; the same task waits once."""
    async with database.transaction() as connection:
        for proposal_id in await revocations.to_reissue(connection, now - _LATE):
            await enqueue(connection, revoking.TASK, str(proposal_id).encode())
        for posting_id in await postings.waiting(connection, now - _LATE):
            await enqueue(connection, delivery.TASK, str(posting_id).encode())


async def seal_days(database: Database, key: AuditKey, now: datetime) -> None:
    """Seal each day of the record of who looked that is over, a transaction each; a lost day is made good."""
    if day_of(now - _AFTER_MIDNIGHT) < day_of(now):
        return
    sealed: date | None = date.min
    while sealed:
        async with database.transaction() as connection:
            sealed = await seal(connection, key, now)


async def ask_for_signatures(database: Database, now: datetime) -> None:
    """Have given signatures that are late completed again, and end what was not signed in time."""
    async with database.transaction() as connection:
        for signature_id in await signatures.to_complete(connection, now - _LATE):
            await enqueue(connection, collect.TASK, str(signature_id).encode())
        for batch_id in await batches.to_complete(connection, now - _LATE):
            await enqueue(connection, deciding.TASK, str(batch_id).encode())
        for application_id in await signatures.overdue(connection, now):
            await collect.lapse(connection, application_id, enqueue, now)


async def read_events(database: Database, parties: Parties, key: AuditKey, now: datetime) -> None:
    """Take what the registers told since the last round, a page a transaction, until they tell nothing more."""
    while True:
        async with database.connect() as connection:
            since = await offers.read_until(connection)
        batch = await parties.feed.after(since, now)
        if batch is None:
            return
        async with database.transaction() as connection:
            await offering.take(connection, batch, enqueue, key, now)


async def watch_time_limits(database: Database, now: datetime) -> None:
    """Let the law decide where an office was silent, and end what a person was asked and did not answer.

    Each in a transaction of its own: one that somebody works on at this moment is looked at again in a minute.
    """
    async with database.connect() as connection:
        late = await offices.silent(connection, day_of(now))
        unanswered = await offices.unanswered(connection, now - REPLY_WITHIN - _UNTIL_MIDNIGHT)
    for application_id in late:
        async with database.transaction() as connection:
            await answering.decide_by_silence(connection, application_id, enqueue, now)
    for application_id in unanswered:
        async with database.transaction() as connection:
            ended = await answering.expire(connection, application_id, now)
            if ended.state is State.EXPIRED:
                await inbox.tell(connection, ended, "expired", enqueue, now)


async def scan_attachments(database: Database, scanner: Scanner | None, now: datetime) -> None:
    """Scan attached files that wait for it, the oldest first; what is harmful is deleted, and its people told.

    A file that the scanner cannot answer for waits on, and holds up no other.
    """
    left: list[bytes] = []
    while scanner and len(left) < _TRIES:
        async with database.connect() as connection:
            sha256 = await attachments.waiting(connection, left)
            content = await attachments.content(connection, sha256) if sha256 else None
        if sha256 is None or content is None:
            return
        try:
            found = await scanner.found(content)
        except ScannerAway as away:
            _log.warning("not_scanned", code=away.code)
            left.append(sha256)
            continue
        async with database.transaction() as connection:
            for application in await attached.settle(connection, sha256, found, now):
                await inbox.tell(connection, application, "file_harmful", enqueue, now)


async def sweep(database: Database, now: datetime) -> None:
    """Remove sessions that ended, sign-ins that nobody finished, old offers, and files that no answer names."""
    async with database.transaction() as connection:
        await store.sweep(connection, now, IDLE, timedelta(seconds=KEPT_SECONDS))
        await signatures.sweep(connection, now - _FORGOTTEN)
        await offers.sweep(connection, now - KEPT)
        await attachments.sweep(connection, now - _FORGOTTEN)
