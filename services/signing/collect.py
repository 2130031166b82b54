"""Collects the signatures of an application: asked of each in turn, taken once, in the sheet before it goes on.

Every verb runs inside the caller's transaction. What reaches outside (the signing service, the trust services) and what
keeps a processor busy comes between two of them, so everything that has been reached survives a restart.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from uuid_utils.compat import uuid7

from i18n.refusal import NotFound
from services.applications import casework, owed, progress, signed
from services.applications import store as applications
from services.applications.application import Application, State
from services.applications.step import Enqueue
from services.applications.version import service_of
from services.notices import inbox
from services.registers.facts import Fact
from services.signing import store
from services.signing.errors import NotNow
from services.signing.signature import Signature, Signer, Standing, turn
from services.signing.signer import signers
from services.signing.signing import Signing
from services.signing.store import Connection

TASK = "complete_signature"
_HER_TURN = {State.DRAFT, State.AWAITING_SIGNATURE, State.AWAITING_PAYMENT}


async def submit(  # noqa: PLR0917 - an act names all that it takes
    connection: Connection, application_id: UUID, person_id: UUID, revision: int, enqueue: Enqueue, now: datetime
) -> Application:
    """Return the application, submitted or, where it must be signed first, waiting for its signatures."""
    before = await casework.find(connection, application_id, person_id, lock=True)
    sent = await casework.submit(connection, application_id, person_id, revision, enqueue, now)
    if before.state is State.DRAFT and sent.state is State.AWAITING_SIGNATURE:
        await store.add(connection, await _asked(connection, sent, now))
    return sent


async def take_facts(
    connection: Connection, application_id: UUID, facts: Iterable[Fact], enqueue: Enqueue, now: datetime
) -> Application:
    """Return the application with facts that a register owed, gone on as far as it can; its person is told her part."""
    before = await applications.any_of(connection, application_id, lock=True)
    taken = await owed.take(connection, application_id, facts, enqueue, now)
    if before is None or before.state is taken.state:
        return taken
    if taken.state is State.AWAITING_SIGNATURE:
        await store.add(connection, await _asked(connection, taken, now))
    if taken.state in _HER_TURN:
        await inbox.tell(connection, taken, "your_turn", enqueue, now)
    return taken


async def hand_back(connection: Connection, application_id: UUID, enqueue: Enqueue, now: datetime) -> None:
    """Give an application back to its person, who is told, because of what a register answered."""
    waiting = await applications.any_of(connection, application_id, lock=True)
    if waiting is not None and waiting.state is State.AWAITING_FACTS:
        await owed.hand_back(connection, waiting, now)
        await inbox.tell(connection, waiting, "your_turn", enqueue, now)


async def reopen(connection: Connection, application_id: UUID, person_id: UUID, now: datetime) -> Application:
    """Return the application as a draft again; what was signed of it is void, and whoever is signing is stopped."""
    draft = await signed.reopen(connection, application_id, person_id, now)
    await store.forget_all(connection, application_id)
    return draft


async def lapse(connection: Connection, application_id: UUID, enqueue: Enqueue, now: datetime) -> None:
    """End an application that not everyone signed in time, and tell its person."""
    lapsed = await signed.lapse(connection, application_id, now)
    await store.forget_all(connection, application_id)
    await inbox.tell(connection, lapsed, "lapsed", enqueue, now)


async def standing(
    connection: Connection, application_id: UUID, personal_number: str, *, lock: bool = False
) -> Standing:
    """Return where a person stands with an application that she signs; whoever does not sign it meets NotFound."""
    application = await applications.any_of(connection, application_id, lock=lock)
    everyone = await store.of_application(connection, application_id)
    own = next((one for one in everyone if one.personal_number == personal_number), None)
    if application is None or own is None:
        raise NotFound
    return Standing(application, own, tuple(everyone), await store.signing(connection, own.id, lock=lock))


async def begin(connection: Connection, at: Standing, signing: Signing, asked_hash: bytes) -> None:
    """Keep a step of a signing in place of whatever was there; NotNow when it is not hers to sign."""
    locked = await standing(connection, at.application.id, at.own.personal_number, lock=True)
    if not locked.is_open or locked.own.id != at.own.id:
        raise NotNow
    await store.save(connection, at.own.id, signing, asked_hash)


async def take(connection: Connection, asked_hash: bytes, personal_number: str) -> Standing | None:
    """Return where the person stands whose browser comes back with this, once; None when nothing waits for it."""
    own = await store.take(connection, asked_hash, personal_number)
    return await standing(connection, own.application_id, personal_number) if own else None


async def keep(connection: Connection, at: Standing, signing: Signing, asked_hash: bytes | None = None) -> bool:
    """Keep the next step of a signing; False, and nothing kept, when anything else was begun or given meanwhile."""
    locked = await standing(connection, at.application.id, at.own.personal_number, lock=True)
    if (locked.own.id, locked.signing) != (at.own.id, at.signing) or not locked.is_her_turn:
        return False
    await store.save(connection, at.own.id, signing, asked_hash)
    return True


async def complete(connection: Connection, signature_id: UUID, pdf: bytes, enqueue: Enqueue, now: datetime) -> None:
    """Keep the sheet with the signature in it; the application goes on, or the next person is asked to sign."""
    own = await store.find(connection, signature_id)
    if own is None or await applications.any_of(connection, own.application_id, lock=True) is None:
        return
    everyone = await store.of_application(connection, own.application_id, lock=True)
    waiting = turn(everyone)
    if waiting is None or waiting.id != signature_id:  # completed before, or frozen anew
        return
    await store.keep_sheet(connection, own, own.place, pdf, now)
    await store.mark_signed(connection, signature_id, now)
    following = turn([one for one in everyone if one.id != signature_id])
    application = await signed.sign(connection, own.application_id, enqueue, now, is_last=following is None)
    person_id = await store.person_of(connection, following.personal_number) if following else None
    if person_id is not None:
        await inbox.ask_to_sign(connection, application, person_id, enqueue, now)


async def _asked(connection: Connection, application: Application, now: datetime) -> list[Signature]:
    """Return the signatures that an application waits for."""
    service = await service_of(connection, application)
    known = progress.values(application, service, progress.day(now))
    rule = progress.signers(application, service, progress.day(now))
    who = signers(rule, Signer(*await store.applicant(connection, application.person_id)), known)
    due_at = now + timedelta(days=service.signing().days)
    return [
        Signature(
            id=uuid7(),
            application_id=application.id,
            revision=application.revision,
            place=place,
            personal_number=one.personal_number,
            name=one.name,
            asked_at=now,
            due_at=due_at,
            signed_at=None,
        )
        for place, one in enumerate(who, 1)
    ]
