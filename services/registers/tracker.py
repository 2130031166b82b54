"""Who read what about whom, and why: every read of a person's data is recorded, and shown to that person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from uuid_utils.compat import uuid7

from i18n.text import Wording
from services.registers import store
from services.registers.facts import FACTS, Answer, Outcome
from services.registers.store import Connection

Kind = Literal["citizen", "clerk", "officer", "system"]
Channel = Literal["portal", "counter", "worker"]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: a citizen at the portal, a clerk or officer (`role` names the office), or the system by itself."""

    kind: Kind
    person_id: UUID | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """One look at one fact of one person (`subject`, a personal number). `register` is a code of facts.REGISTERS."""

    id: UUID
    subject: str
    reader: Reader
    register: str
    fact: str
    purpose: Wording
    legal_basis: Wording
    application_id: UUID | None
    channel: Channel
    message_id: UUID
    at: datetime
    outcome: Outcome


def reads(
    answers: Iterable[Answer], subject: str, reader: Reader, application_id: UUID | None, channel: Channel
) -> list[Read]:
    """Return the reads that the gateway's answers about `subject` were, refused and failed ones too."""
    return [
        Read(
            id=uuid7(),
            subject=subject,
            reader=reader,
            register=FACTS[answer.need.name].register.code,
            fact=answer.need.name,
            purpose=answer.need.purpose,
            legal_basis=_worded(answer.need.legal_basis),
            application_id=application_id,
            channel=channel,
            message_id=answer.message_id,
            at=answer.at,
            outcome=answer.outcome,
        )
        for answer in answers
    ]


async def record(connection: Connection, reads: Iterable[Read]) -> None:
    """Keep the reads for good."""
    await store.add(
        connection,
        [
            (
                read.id,
                read.subject,
                read.reader.kind,
                read.reader.role,
                read.reader.person_id,
                read.register,
                read.fact,
                store.words(read.purpose),
                store.words(read.legal_basis),
                read.application_id,
                read.channel,
                read.message_id,
                read.at,
                read.outcome,
            )
            for read in reads
        ],
    )


async def of(connection: Connection, personal_number: str, after: UUID | None = None, limit: int = 50) -> list[Read]:
    """Return who looked at a person's data, the newest first: one page, which begins after the read with id `after`."""
    return [
        Read(
            id=row["id"],
            subject=row["subject"],
            reader=Reader(row["reader_kind"], row["reader_id"], row["reader_role"]),
            register=row["register"],
            fact=row["fact"],
            purpose=store.wording(row["purpose"]),
            legal_basis=store.wording(row["legal_basis"]),
            application_id=row["application_id"],
            channel=row["channel"],
            message_id=row["message_id"],
            at=row["at"],
            outcome=row["outcome"],
        )
        for row in await store.page(connection, personal_number, after, limit)
    ]


def _worded(law: Wording | str) -> Wording:
    return law if isinstance(law, Wording) else Wording(law, law, law)
