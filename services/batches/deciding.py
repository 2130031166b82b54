"""What is done with a batch: made of a list, given its reasons, signed, and then decided, each application by itself.

Every verb runs inside the caller's transaction. Outside parties are asked between two of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7

from i18n.refusal import NotFound, Refusal
from services.applications.application import Application, State
from services.applications.member import Member
from services.applications.office import review
from services.applications.office import store as office
from services.applications.step import Enqueue
from services.applications.store import Connection
from services.batches import store
from services.batches.batch import APPROVED, MOST, Batch, Case
from services.batches.errors import AlreadyGiven, NotTogether
from services.signing.signing import Signing

TASK = "complete_batch"


async def make(connection: Connection, member: Member, chosen: Sequence[UUID], now: datetime) -> Batch:
    """Return a batch of these applications; what is nobody's yet is taken. NotTogether, and what taking raises."""
    ids = sorted(set(chosen))
    if not 1 <= len(ids) <= MOST:
        raise NotTogether
    found = await review.find_all(connection, member, ids, lock=True)
    if len({(one.service_id, one.service_version, one.language) for one in found}) > 1:
        raise NotTogether
    cases = [await _in_review(connection, member, one, now) for one in found]
    batch = Batch(
        id=uuid7(),
        officer_id=member.person_id,
        service_id=found[0].service_id,
        made_at=now,
        cases=tuple(Case(one.id, one.reference, one.revision, None) for one in cases),
        text=None,
        sheet=None,
        signing=None,
        signed_at=None,
    )
    await store.add(connection, batch)
    return batch


async def own(connection: Connection, officer_id: UUID, batch_id: UUID, *, lock: bool = False) -> Batch:
    """Return the officer's own batch; NotFound for anybody else's."""
    batch = await store.find(connection, batch_id, lock=lock)
    if batch is None or batch.officer_id != officer_id:
        raise NotFound
    return batch


async def reason(connection: Connection, batch: Batch, text: str, sheet: bytes) -> Batch:
    """Return the batch with why, and the sheet that says so; AlreadyGiven once it is signed."""
    kept = await own(connection, batch.officer_id, batch.id, lock=True)
    if kept.is_given:
        raise AlreadyGiven
    await store.save_reasons(connection, batch.id, text, sheet)
    return replace(kept, text=text, sheet=sheet, signing=None)


async def begin(connection: Connection, batch: Batch, signing: Signing, asked_hash: bytes) -> None:
    """Keep a step of the signing in place of whatever was there; AlreadyGiven once it is signed."""
    kept = await own(connection, batch.officer_id, batch.id, lock=True)
    if not kept.is_open or kept.sheet != batch.sheet:
        raise AlreadyGiven
    await store.save_signing(connection, batch.id, signing, asked_hash)


async def take(connection: Connection, asked_hash: bytes, officer_id: UUID) -> Batch | None:
    """Return the batch that its officer's browser comes back to, once; None when nothing waits for it."""
    return await store.take(connection, asked_hash, officer_id)


async def keep(connection: Connection, batch: Batch, signing: Signing, asked_hash: bytes | None = None) -> bool:
    """Keep the next step of the signing; False, and nothing kept, when anything else was begun or given meanwhile."""
    kept = await store.find(connection, batch.id, lock=True)
    if kept is None or (kept.sheet, kept.signing) != (batch.sheet, batch.signing) or kept.signed_at is not None:
        return False
    await store.save_signing(connection, batch.id, signing, asked_hash)
    return True


async def approve(connection: Connection, batch_id: UUID, case: Case, enqueue: Enqueue, now: datetime) -> None:
    """Approve one application of a signed list; one that changed since she saw it is left out, and that is kept."""
    batch = await store.find(connection, batch_id, lock=True)
    if batch is None or batch.signed_at is None or case not in batch.cases or case.outcome is not None:
        return
    posts = await office.posts_of(connection, batch.officer_id)
    member = Member(batch.officer_id, tuple(posts))
    outcome = APPROVED
    try:
        await review.decide(
            connection, member, case.application_id, case.revision, batch.text or "", enqueue, now, approve=True
        )
    except Refusal as refusal:  # before anything was written
        outcome = refusal.code
    await store.save_outcome(connection, batch.id, case.application_id, outcome)


async def _in_review(connection: Connection, member: Member, found: Application, now: datetime) -> Application:
    """Return an application that is the member's to decide on, taken if it was nobody's."""
    review.refuse_clerk(member, found)
    if found.state is State.SUBMITTED:
        found = await review.take(connection, member, found.id, found.revision, now)
    if found.state is not State.IN_REVIEW or found.officer_id != member.person_id:
        raise NotTogether
    await review.refuse_unseconded(connection, member, found)
    return found
