"""Who read what about whom, and why: every read of a person's data is recorded, and shown to that person."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import astuple, replace
from datetime import date, datetime, timedelta
from functools import partial
from itertools import groupby
from typing import Any
from uuid import UUID

import msgspec
from uuid_utils.compat import uuid7

from i18n.format import KOSOVO
from i18n.refusal import NotFound
from i18n.text import Wording
from services.registers import alert, chain, store
from services.registers.chain import Chain
from services.registers.facts import Answer, Needed
from services.registers.looked_at import LOOKED_AT
from services.registers.message import Proof
from services.registers.read import Channel, Kind, Place, Read, Reader
from services.registers.seal import AuditKey
from services.registers.store import Connection

__all__ = ["Channel", "Kind", "Read", "Reader", "denied", "names", "of", "one", "reads", "record"]

_DAY = timedelta(days=1)


def reads(  # noqa: PLR0917 - a look is all of this
    answers: Iterable[Answer],
    subject: str,
    reader: Reader,
    application_id: UUID | None,
    channel: Channel,
    shown_from: date | None = None,
) -> list[Read]:
    """Return the reads that the gateway's answers about `subject` were, refused and failed ones too, but none unsent.

    `shown_from` is for looks in an investigation: the day from which the person sees them.
    """
    return [
        _read(answer.need, subject, reader, application_id, channel, answer.at)(
            message_id=answer.message_id, outcome=answer.outcome, proof=answer.proof, shown_from=shown_from
        )
        for answer in answers
        if answer.is_sent
    ]


def denied(needs: Iterable[Needed], subject: str, reader: Reader, channel: Channel, now: datetime) -> list[Read]:
    """Return the reads that were tried and that we refused: nobody was asked, and the person sees them all the same."""
    return [_read(need, subject, reader, None, channel, now)(message_id=uuid7(), outcome="denied") for need in needs]


async def record(connection: Connection, reads: Iterable[Read], key: AuditKey) -> None:
    """Keep the reads for good, each bound to the one before it; what stands in the record already is not repeated.

    Call it once in a transaction, with all its reads: chains are locked in order, so that nobody waits in a circle.
    """
    sealed = await store.hold_days(connection)
    ordered = sorted(reads, key=lambda read: _chain_of(read, sealed))
    numbers = await store.numbers(connection, {one.reader.person_id for one in ordered if one.reader.person_id})
    for (subject, day, shown_from), group in groupby(ordered, key=lambda read: _chain_of(read, sealed)):
        empty = Chain(subject, day, shown_from)
        last = await store.chain(connection, subject, day, shown_from, key.mark(empty.leaf()))
        given = list(group)
        known = await store.recorded(connection, [read.message_id for read in given])
        await _append(connection, last, [read for read in given if read.message_id not in known], numbers, key)


async def of(
    connection: Connection,
    personal_number: str,
    now: datetime,
    after: UUID | None = None,
    limit: int = 50,
    *,
    by_others: bool = False,
) -> list[Read]:
    """Return who looked at a person's data, the newest first: one page, which begins after the read with id `after`."""
    page = store.page_by_others if by_others else store.page
    return [kept(row)[0] for row in await page(connection, personal_number, after, limit, day_of(now))]


async def one(connection: Connection, read_id: UUID, numbers: Collection[str], now: datetime) -> Read:
    """Return one look at the data of one of these people; NotFound for a stranger, and for what is shown only later."""
    row = await store.one(connection, read_id, numbers, day_of(now))
    if row is None:
        raise NotFound
    return kept(row)[0]


async def names(connection: Connection, reads: Iterable[Read]) -> Mapping[UUID, str]:
    """Return the citizens who read, by id, each masked to initials: whose application it was is theirs to tell."""
    readers = {read.reader.person_id for read in reads if read.reader.person_id and read.reader.kind == "citizen"}
    found = await store.names(connection, readers)
    return {reader: f"{given[:1]}. {family[:1]}." for reader, (given, family) in found.items()}


def kept(row: Any) -> tuple[Read, Place | None]:  # noqa: ANN401 - a row of the store
    """Return the read that a row holds and where it stands; None for one from before there were chains."""
    day, shown_from = row["day"], row["shown_from"]
    read = Read(
        id=row["id"],
        subject=row["subject"],
        reader=Reader(
            row["reader_kind"], row["reader_id"], row["reader_role"], row["reader_institution"], row["reason"]
        ),
        register=row["register"],
        fact=row["fact"],
        purpose=store.wording(row["purpose"]),
        legal_basis=store.wording(row["legal_basis"]),
        application_id=row["application_id"],
        channel=row["channel"],
        message_id=row["message_id"],
        at=row["at"],
        outcome=row["outcome"],
        shown_from=None if shown_from == day else shown_from,
        act=row["act"],
    )
    return read, None if day is None else Place(day, shown_from, row["position"], row["by_subject"])


def digest(proof: Proof) -> bytes:
    """Return the SHA-256 of what is left of a message, which the read's own hash covers."""
    left = list(astuple(proof))
    return hashlib.sha256(msgspec.json.encode(left)).digest()


def day_of(at: datetime) -> date:
    """Return the day in Kosovo."""
    return at.astimezone(KOSOVO).date()


def _chain_of(read: Read, sealed: date | None) -> tuple[str, date, date]:
    """Return the chain that a read goes to; one that comes when its day is sealed goes to the next day's."""
    day = day_of(read.at)
    if sealed is not None and day <= sealed:
        day = sealed + _DAY
    return read.subject, day, max(day, read.shown_from or day)


async def _append(
    connection: Connection, last: Chain, reads: Sequence[Read], numbers: Mapping[UUID, str], key: AuditKey
) -> None:
    rows: list[store.Row] = []
    for read in reads:
        number = numbers.get(read.reader.person_id) if read.reader.person_id else None
        place = Place(last.day, last.shown_from, last.length + 1, number == read.subject)
        proof = digest(read.proof) if read.proof else None
        hashed = chain.link(last.head, chain.content(read, place, proof))
        rows.append(
            (
                *_columns(read),
                place.by_subject,
                place.day,
                place.shown_from,
                place.position,
                proof,
                hashed,
                key.mark(hashed),
            )
        )
        last = replace(last, length=place.position, head=hashed)
    await store.save_chain(connection, last, key.mark(last.leaf()))
    await store.add(connection, rows)
    await store.add_messages(connection, [(read.message_id, *astuple(read.proof)) for read in reads if read.proof])
    await _raise_alerts(connection, reads, numbers)


async def _raise_alerts(connection: Connection, reads: Sequence[Read], numbers: Mapping[UUID, str]) -> None:
    """Raise alerts for looks at one person's data, each reader asked about once."""
    alerts: list[store.Row] = []
    in_office = [read for read in reads if read.reader.kind in alert.IN_OFFICE]
    for reader in {read.reader for read in in_office}:
        number = numbers.get(reader.person_id) if reader.person_id else None
        colleague, marked = await store.standing(connection, in_office[0].subject, number, reader.institution)
        is_self = number == in_office[0].subject
        rules = list(alert.raised(reader.kind, is_self=is_self, is_colleague=colleague, is_marked=marked))
        alerts += [(read.id, rule, read.at) for read in in_office if read.reader == reader for rule in rules]
    if alerts:
        await store.add_alerts(connection, alerts)


def _columns(read: Read) -> store.Row:
    reader = read.reader
    return (
        read.id,
        read.subject,
        reader.kind,
        reader.role,
        reader.institution,
        reader.reason,
        reader.person_id,
        read.register,
        read.fact,
        store.words(read.purpose),
        store.words(read.legal_basis),
        read.application_id,
        read.channel,
        read.message_id,
        read.at,
        read.outcome,
        read.act,
    )


def _read(  # noqa: PLR0917 - as reads()
    need: Needed, subject: str, reader: Reader, application_id: UUID | None, channel: Channel, at: datetime
) -> partial[Read]:
    return partial(
        Read,
        id=uuid7(),
        subject=subject,
        reader=reader,
        register=LOOKED_AT[need.name].register.code,
        fact=need.name,
        purpose=need.purpose,
        legal_basis=_worded(need.legal_basis),
        application_id=application_id,
        channel=channel,
        at=at,
    )


def _worded(law: Wording | str) -> Wording:
    return law if isinstance(law, Wording) else Wording(law, law, law)
