"""Collects the signatures of an application: asked of each in turn, taken once, in the sheet before it goes on.

Every verb runs inside the caller's transaction. What reaches outside (the signing service, the trust services) and what
keeps a processor busy comes between two of them, so everything that has been reached survives a restart.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from eid.prepared import Credential, Prepared
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
from services.signing.signature import Signature, Signer, Signing, Standing, turn
from services.signing.signer import signers
from services.signing.store import Connection

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


async def ask_credential(
    connection: Connection, at: Standing, asked: dict[str, Any], asked_hash: bytes, now: datetime
) -> None:
    """Note that the service is asked which credential the person has; NotNow when it is not hers to sign."""
    _must_be_open(at)
    await store.save(
        connection, Signing(signature_id=at.own.id, state="asking", asked=asked, changed_at=now), asked_hash
    )


async def prepare(
    connection: Connection, at: Standing, credential: Credential, prepared: Prepared, now: datetime
) -> None:
    """Keep what is to be signed, and by which credential."""
    _must_be_open(at)
    await store.save(
        connection,
        Signing(signature_id=at.own.id, state="prepared", credential=credential, prepared=prepared, changed_at=now),
    )


async def ask_signature(
    connection: Connection, at: Standing, asked: dict[str, Any], asked_hash: bytes, now: datetime
) -> None:
    """Note that the person is asked at the service to authorise the signature of what is prepared."""
    _must_be_open(at)
    if at.signing is None or at.signing.prepared is None:
        raise NotNow
    asking = Signing(
        signature_id=at.own.id,
        state="authorising",
        asked=asked,
        credential=at.signing.credential,
        prepared=at.signing.prepared,
        changed_at=now,
    )
    await store.save(connection, asking, asked_hash)


async def ask_by_code(
    connection: Connection, at: Standing, asked: dict[str, Any], asked_hash: bytes, now: datetime
) -> None:
    """Note that a one-time code for the sheet is on the person's phone; NotNow when it is not hers to sign."""
    _must_be_open(at)
    await store.save(
        connection, Signing(signature_id=at.own.id, state="authorising", asked=asked, changed_at=now), asked_hash
    )


async def take(connection: Connection, asked_hash: bytes, personal_number: str) -> Standing | None:
    """Return where the person stands whose browser comes back with this, once; None when nothing waits for it."""
    signing = await store.take(connection, asked_hash)
    found = await store.find(connection, signing.signature_id) if signing else None
    if found is None or found.personal_number != personal_number:
        return None
    return await standing(connection, found.application_id, personal_number)


async def give(connection: Connection, at: Standing, value: bytes, enqueue: Enqueue, now: datetime) -> None:
    """Keep the bare signature, and have it completed; it counts only when it is in the sheet."""
    locked = await standing(connection, at.application.id, at.own.personal_number, lock=True)
    _must_be_open(locked)
    if at.signing is None or locked.signing is None or locked.signing.prepared != at.signing.prepared:
        raise NotNow
    given = replace(at.signing, state="given", asked=None, value=value, failure=None, changed_at=now)
    await _keep(connection, given, enqueue)


async def receive(  # noqa: PLR0917 - an act names all that it takes
    connection: Connection, at: Standing, prepared: Prepared, value: bytes, enqueue: Enqueue, now: datetime
) -> None:
    """Keep the sheet as a service signed it whole, for the code that was sent to her, and have it completed."""
    locked = await standing(connection, at.application.id, at.own.personal_number, lock=True)
    _must_be_open(locked)
    if at.signing is None or locked.signing is None or locked.signing.asked != at.signing.asked:
        raise NotNow
    given = replace(at.signing, state="given", asked=None, prepared=prepared, value=value, changed_at=now)
    await _keep(connection, given, enqueue)


async def is_still(connection: Connection, at: Standing) -> bool:
    """Tell, holding it, whether a signing stands where it stood: nothing was begun or given in its place."""
    locked = await standing(connection, at.application.id, at.own.personal_number, lock=True)
    same = (locked.own.id, locked.signing and locked.signing.asked) == (at.own.id, at.signing and at.signing.asked)
    return same and not locked.is_being_completed


async def fail(connection: Connection, signature_id: UUID, code: str, now: datetime) -> None:
    """Note why a signing brought no signature; the person may begin another."""
    await store.save(connection, Signing(signature_id=signature_id, state="failed", failure=code, changed_at=now))


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


async def _keep(connection: Connection, given: Signing, enqueue: Enqueue) -> None:
    await store.save(connection, given)
    await enqueue(connection, "complete_signature", str(given.signature_id).encode())


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


def _must_be_open(at: Standing) -> None:
    """Refuse when it is not hers to sign now, or she has signed and it is being completed."""
    if not at.is_her_turn or at.is_being_completed:
        raise NotNow
