"""`portal audit`: verifies the record of who looked, and seals its days."""

from __future__ import annotations

import asyncio

from portal.database import connect_once
from portal.session import now
from portal.settings import DatabaseSettings, load
from services.registers.audit import verification
from services.registers.audit.sealing import seal
from services.registers.audit.verification import Count
from services.registers.seal import AuditKey


class AuditSettings(DatabaseSettings):
    """The key by which rows and days are known."""

    audit_key: str


def run(act: str, _case: str | None, _outcome: str | None, _text: str | None) -> int:
    """Do what `portal audit` was told and return its exit code."""
    return verify() if act == "verify" else seal_days()


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
