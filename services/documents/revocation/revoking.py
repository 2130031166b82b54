"""What officers do with a document that was issued: propose to revoke it, confirm or drop that; and answer its person.

Every act is an officer's of the desk that issued it; for all others it does not exist, nor does one's own document.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7

from i18n.refusal import NotFound
from services.documents import store as documents
from services.documents.document import Document
from services.documents.revocation import store
from services.documents.revocation.revocation import (
    AlreadyAsked,
    AlreadyRevoked,
    AlreadySettled,
    AnotherConfirms,
    Correction,
    Facts,
    Ground,
    Proposal,
    written,
)
from services.documents.store import Connection

TASK = "reissue"
Enqueue = Callable[[Connection, str, bytes], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Officer:
    """Who acts, and the desks for which she decides."""

    person_id: UUID
    desks: Sequence[str]


async def find(connection: Connection, officer: Officer, document_id: UUID) -> Document:
    """Return a document that the officer's desks issued to somebody else; NotFound for every other."""
    document = await documents.of_desk(connection, document_id, officer.desks, officer.person_id)
    if document is None:
        raise NotFound
    return document


async def propose(  # noqa: PLR0917 - an act names all that it takes
    connection: Connection,
    officer: Officer,
    document_id: UUID,
    ground: Ground,
    text: str,
    facts: Facts | None,
    now: datetime,
) -> Proposal:
    """Return the proposal, which another officer is to confirm; AlreadyRevoked when there is one or it is revoked."""
    document = await find(connection, officer, document_id)
    if document.revoked_at is not None:
        raise AlreadyRevoked
    proposal = Proposal(
        id=uuid7(),
        document_id=document_id,
        desk=document.desk,
        ground=ground,
        text=written(text, optional=True),
        facts=facts,
        proposed_by=officer.person_id,
        proposed_at=now,
        state="open",
    )
    if not await store.propose(connection, proposal):
        raise AlreadyRevoked
    return proposal


async def confirm(
    connection: Connection, officer: Officer, proposal_id: UUID, enqueue: Enqueue, now: datetime
) -> Document:
    """Return the document, now revoked; a corrected one is on its way where that was proposed.

    AlreadySettled for who comes second, AnotherConfirms for who proposed it.
    """
    proposal = await _open(connection, officer, proposal_id)
    if proposal.proposed_by == officer.person_id:
        raise AnotherConfirms
    await store.settle(connection, proposal_id, "confirmed", officer.person_id, now)
    await documents.revoke(
        connection, proposal.document_id, proposal.text, now, ground=proposal.ground, desk=proposal.desk
    )
    if proposal.facts is not None:
        await enqueue(connection, TASK, str(proposal_id).encode())
    return await find(connection, officer, proposal.document_id)


async def drop(connection: Connection, officer: Officer, proposal_id: UUID, now: datetime) -> Proposal:
    """Return the proposal, which is not carried out; AlreadySettled for who comes second."""
    proposal = await _open(connection, officer, proposal_id)
    await store.settle(connection, proposal_id, "dropped", officer.person_id, now)
    return proposal


async def ask(connection: Connection, document: Document, person_id: UUID, text: str, now: datetime) -> Correction:
    """Keep what a person says is wrong in her document, for the office; AlreadyAsked while that is not answered."""
    asked = Correction(id=uuid7(), document_id=document.id, person_id=person_id, text=written(text), asked_at=now)
    if document.revoked_at is not None or not await store.ask(connection, asked):
        raise AlreadyAsked
    return asked


async def answer(connection: Connection, officer: Officer, document_id: UUID, text: str, now: datetime) -> Document:
    """Return the document about which its person is answered; AlreadySettled when a colleague was faster."""
    document = await find(connection, officer, document_id)
    if not await store.answer(connection, document_id, written(text), officer.person_id, now):
        raise AlreadySettled
    return document


async def tell(connection: Connection, officer: Officer, document_id: UUID, now: datetime) -> Document:
    """Return the document whose person is told that no corrected one can be made; AlreadySettled when she was."""
    document = await find(connection, officer, document_id)
    if not await store.tell(connection, document_id, officer.person_id, now):
        raise AlreadySettled
    return document


async def _open(connection: Connection, officer: Officer, proposal_id: UUID) -> Proposal:
    proposal = await store.proposal(connection, proposal_id, lock=True)
    if proposal is None:
        raise NotFound
    await find(connection, officer, proposal.document_id)
    if proposal.state != "open":
        raise AlreadySettled
    return proposal
