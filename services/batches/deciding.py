"""What is done with a batch: made of a list, given its reasons, signed, and then decided, each application by itself.

Every verb runs inside the caller's transaction. Outside parties are asked between two of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7

from eid.prepared import Credential, Prepared
from i18n.refusal import NotFound, Refusal
from services.applications.application import Application, State
from services.applications.errors import ChangedElsewhere
from services.applications.member import Member
from services.applications.office import review
from services.applications.office import store as office
from services.applications.step import Enqueue
from services.applications.store import Connection
from services.batches import store
from services.batches.batch import APPROVED, MOST, Batch, Case, Signing
from services.batches.errors import AlreadyGiven, NotTogether

TASK = "complete_batch"


async def make(connection: Connection, member: Member, chosen: Sequence[UUID], now: datetime) -> Batch:
    """Return a batch of these applications; what is nobody's yet is taken. NotTogether, and what taking raises."""
    ids = sorted(set(chosen))
    if not 1 <= len(ids) <= MOST:
        raise NotTogether
    found = [await review.find(connection, member, each, lock=True) for each in ids]
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


async def own(connection: Connection, member: Member, batch_id: UUID, *, lock: bool = False) -> Batch:
    """Return the member's own batch; NotFound for anybody else's."""
    batch = await store.find(connection, batch_id, lock=lock)
    if batch is None or batch.officer_id != member.person_id:
        raise NotFound
    return batch


async def reason(connection: Connection, member: Member, batch_id: UUID, text: str, sheet: bytes) -> None:
    """Keep why, and the sheet that says so; AlreadyGiven once it is signed."""
    batch = await own(connection, member, batch_id, lock=True)
    if batch.is_given:
        raise AlreadyGiven
    await store.save_reasons(connection, batch.id, text, sheet)


async def ask(connection: Connection, member: Member, batch_id: UUID, signing: Signing, asked_hash: bytes) -> None:
    """Note what is asked of the signing service; AlreadyGiven once it is signed."""
    batch = await own(connection, member, batch_id, lock=True)
    if batch.is_given or batch.sheet is None:
        raise AlreadyGiven
    await store.save_signing(connection, batch.id, signing, asked_hash)


async def prepare(
    connection: Connection, batch: Batch, credential: Credential, prepared: Prepared, now: datetime
) -> None:
    """Keep what is to be signed, of the sheet as it still is, and by which key."""
    kept = await _still(connection, batch)
    await store.save_signing(
        connection, kept.id, Signing(state="prepared", changed_at=now, credential=credential, prepared=prepared)
    )


async def give(connection: Connection, batch: Batch, value: bytes, enqueue: Enqueue, now: datetime) -> None:
    """Keep the bare signature and have it completed; nothing is decided before it is in the sheet."""
    kept = await _still(connection, batch)
    if kept.signing is None:
        raise AlreadyGiven
    given = replace(kept.signing, state="given", asked=None, value=value, changed_at=now)
    await store.save_signing(connection, kept.id, given)
    await enqueue(connection, TASK, str(kept.id).encode())


async def fail(connection: Connection, batch: Batch, code: str, now: datetime) -> None:
    """Note why nothing was signed; she may begin again. What was given meanwhile stays."""
    kept = await store.find(connection, batch.id, lock=True)
    if kept is not None and not (kept.is_given and kept.signing != batch.signing) and kept.signed_at is None:
        await store.save_signing(connection, kept.id, Signing(state="failed", changed_at=now, failure=code))


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


async def _still(connection: Connection, batch: Batch) -> Batch:
    """Return the batch, locked, when nothing was written or begun in place of what is known of it."""
    kept = await store.find(connection, batch.id, lock=True)
    if kept is None or kept.sheet != batch.sheet or kept.signing != batch.signing:
        raise ChangedElsewhere
    return kept
