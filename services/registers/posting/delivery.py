"""What becomes of a posting: put down with what it follows from, settled by what the register says, sent again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace
from uuid_utils.compat import uuid7

from i18n.refusal import NotFound
from services.registers import tracker
from services.registers.posting import store
from services.registers.posting.errors import NotRefused
from services.registers.posting.posting import Outcome, Posting
from services.registers.posting.target import TARGETS
from services.registers.read import Read, Reader
from services.registers.seal import AuditKey
from services.registers.store import Connection

TASK = "post_to_register"
Enqueue = Callable[[Connection, str, bytes], Awaitable[None]]


async def put(connection: Connection, postings: Iterable[Posting], enqueue: Enqueue) -> None:
    """Keep what registers are to be told, each with its task; what was put before stays as it is."""
    for posting in postings:
        if await store.add(connection, posting) and posting.state == "waiting":
            await enqueue(connection, TASK, str(posting.id).encode())


async def settle(connection: Connection, posting_id: UUID, outcome: Outcome, key: AuditKey) -> None:
    """Keep what the register said, once, and put it down where the person reads who changed what about her."""
    posting = await store.find(connection, posting_id, lock=True)
    if posting is None or posting.state != "waiting":
        return
    await store.settle(connection, posting_id, outcome)
    await tracker.record(connection, [_change(posting, outcome)], key)


async def send_again(
    connection: Connection, posting_id: UUID, desks: Sequence[str], enqueue: Enqueue, now: datetime
) -> Posting:
    """Return what is sent in the place of what a register refused, under an id of its own.

    NotFound for what is another office's; NotRefused when it is on its way already.
    """
    refused = await store.find(connection, posting_id, lock=True)
    if refused is None or refused.desk not in desks:
        raise NotFound
    if refused.state != "refused" or refused.again is not None or refused.tries == 0:
        raise NotRefused
    again = replace(refused, id=uuid7(), state="waiting", put_at=now, tries=0, tried_at=None, settled_at=None, why=None)
    await store.replace(connection, refused.id, again.id)
    await put(connection, [again], enqueue)
    return again


def _change(posting: Posting, outcome: Outcome) -> Read:
    return Read(
        id=uuid7(),
        subject=posting.subject,
        reader=Reader("system", institution=posting.desk.partition("/")[0]),
        register=TARGETS[posting.target].register.code,
        fact=posting.target,
        purpose=posting.purpose,
        legal_basis=posting.legal_basis,
        application_id=posting.application_id,
        channel="worker",
        message_id=posting.id,
        at=outcome.at,
        outcome="refused" if outcome.why else "ok",
        proof=outcome.proof,
        act="change",
    )
