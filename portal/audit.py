"""`portal audit`: verifies the record of who looked, seals its days, answers what people asked about their data."""

from __future__ import annotations

import asyncio
import sys

from i18n.refusal import Invalid, Refusal
from portal.database import connect_once
from portal.queue import enqueue
from portal.session import now
from portal.settings import DatabaseSettings, load
from services.cases import desk
from services.cases.case import Case, Outcome
from services.notices import inbox
from services.registers.audit import verification
from services.registers.audit.sealing import seal
from services.registers.audit.verification import Count
from services.registers.seal import AuditKey


class AuditSettings(DatabaseSettings):
    """The key by which rows and days are known."""

    audit_key: str


def run(act: str, case: str | None, outcome: Outcome | None, text: str | None) -> int:
    """Do what `portal audit` was told and return its exit code."""
    if act == "answer":
        return answer(case, outcome, text)
    return {"verify": verify, "seal": seal_days, "cases": list_cases}[act]()


def list_cases() -> int:
    """Print the cases that wait for an answer, the one that is due first before the others; return 0."""
    at = now()
    for case in asyncio.run(_waiting(load(DatabaseSettings))):
        late = ", LATE" if case.is_late(at) else ""
        look = f", look {case.read_id}" if case.read_id else ""
        print(f"{case.reference}  by {case.answer_by}{late}  {case.institution}: {case.register}/{case.fact}{look}")  # noqa: T201
        print(f"    {case.text}")  # noqa: T201
    return 0


def answer(reference: str | None, outcome: Outcome | None, text: str | None) -> int:
    """Answer a case, and tell the person; return 1 with a sentence when it cannot be answered so."""
    if not (reference and outcome and text):
        print("Say which case (--case), the outcome (--outcome) and the answer in words (--text).", file=sys.stderr)  # noqa: T201
        return 1
    try:
        asyncio.run(_answer(load(DatabaseSettings), reference, outcome, text))
    except Invalid as invalid:
        print(invalid.fields["text"].say("en"), file=sys.stderr)  # noqa: T201
        return 1
    except Refusal as refusal:
        print(refusal.sentence.say("en"), file=sys.stderr)  # noqa: T201
        return 1
    print(f"Answered: {reference}.")  # noqa: T201
    return 0


def verify() -> int:
    """Print each fault of the record of who looked, then what was gone through; return 1 when there is a fault."""
    settings = load(AuditSettings)
    count, faults = asyncio.run(_faults(settings))
    for fault in faults:
        print(fault)  # noqa: T201 - a command line speaks
    judged = f"{len(faults)} faults" if faults else "nothing was changed, removed or added"
    print(f"{count.reads} reads, {count.chains} chains, {count.days} sealed days: {judged}.")  # noqa: T201
    return 1 if faults else 0


def seal_days() -> int:
    """Seal every day that is over; return 0."""
    settings = load(AuditSettings)
    days = asyncio.run(_seal(settings))
    print(f"Sealed: {', '.join(days)}." if days else "Every day that is over is sealed.")  # noqa: T201
    return 0


async def _faults(settings: AuditSettings) -> tuple[Count, list[str]]:
    connection = await connect_once(settings.database_url or "", application="audit")
    try:
        count = Count()
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            key = AuditKey(settings.audit_key)
            return count, [fault async for fault in verification.faults(connection, key, count)]
    finally:
        await connection.close()


async def _waiting(settings: DatabaseSettings) -> list[Case]:
    connection = await connect_once(settings.database_url or "", application="audit")
    try:
        return await desk.waiting(connection)
    finally:
        await connection.close()


async def _answer(settings: DatabaseSettings, reference: str, outcome: Outcome, text: str) -> None:
    connection = await connect_once(settings.database_url or "", application="audit")
    try:
        async with connection.transaction():
            answered = await desk.answer(connection, reference, outcome, text, now())
            await inbox.tell_of_answer(connection, answered.id, answered.person_id, enqueue, now())
    finally:
        await connection.close()


async def _seal(settings: AuditSettings) -> list[str]:
    connection = await connect_once(settings.database_url or "", application="audit")
    sealed: list[str] = []
    try:
        while True:
            async with connection.transaction():
                day = await seal(connection, AuditKey(settings.audit_key), now())
            if day is None:
                return sealed
            sealed.append(day.isoformat())
    finally:
        await connection.close()
