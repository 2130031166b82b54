"""The portal's worker as a real process: started as told, waited for, killed; and what it left behind."""

from __future__ import annotations

import asyncio
import email
import os
import signal
import subprocess
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import UUID

from portal.database import Database
from portal.demo.plan import Plan
from tests.rooms.portal.visitor import Visitor, application_of

PAID = {"number": "4242 4242 4242 4242", "expiry": "12/40", "cvc": "123"}


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker that runs; `log` is what it has said."""

    process: subprocess.Popen[bytes]
    log: Path

    def said(self) -> str:
        """Return its log."""
        return self.log.read_text()

    async def says(self, words: str, seconds: float = 30) -> None:
        """Wait until its log holds these words."""
        async with asyncio.timeout(seconds):
            while words not in self.said():
                assert self.process.poll() is None, self.said()
                await asyncio.sleep(0.05)

    async def ends(self, seconds: float = 30) -> int:
        """Wait until it has ended and return its exit code."""
        return await asyncio.to_thread(self.process.wait, seconds)


Working = Callable[..., Worker]


@contextmanager
def working(plan: Plan, log: Path, **told: str) -> Generator[Worker]:
    """Run a worker with these settings, killed in the end with all that it started."""
    environment = {**plan.environment("portal"), "PORTAL_LOG_FORMAT": "json", **told}
    with log.open("wb") as said:
        process = subprocess.Popen(
            plan.command("portal", "worker"),
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
    try:
        yield Worker(process, log)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


async def paid(visitor: Visitor) -> UUID:
    """Apply for a birth extract and pay; return the application, approved."""
    check = await visitor.asks_for_birth_extract()
    page = await visitor.follow(await visitor.send(check, "/submission"))
    await visitor.follow(await visitor.send(page, "/card", PAID))
    return application_of(check)


async def waiting(memory: Database, application: UUID) -> int:
    """Return how many tasks about an application wait."""
    return await value(memory, "SELECT count(*) FROM pgqueuer WHERE payload = $1", str(application).encode())


async def value(memory: Database, sql: str, *values: object) -> Any:  # noqa: ANN401 - a value of the database
    """Return one value."""
    async with memory.connect() as connection:
        return await connection.fetchval(sql, *values)


async def state(memory: Database, application: UUID) -> str:
    """Return where an application is."""
    return await value(memory, "SELECT state::text FROM application WHERE id = $1", application)


async def is_issued(memory: Database, application: UUID, seconds: float = 15) -> float:
    """Wait until the application is issued; return how long that took."""
    began = time.monotonic()
    while await state(memory, application) != "issued":
        assert time.monotonic() - began < seconds, await state(memory, application)
        await asyncio.sleep(0.05)
    return time.monotonic() - began


async def counts(memory: Database, application: UUID) -> tuple[int, int, int]:
    """Return how many documents, notices and issuing events there are of an application."""
    return (
        await value(memory, "SELECT count(*) FROM document WHERE application_id = $1", application),
        await value(memory, "SELECT count(*) FROM notice WHERE application_id = $1", application),
        await value(
            memory, "SELECT count(*) FROM application_event WHERE application_id = $1 AND step = 'issue'", application
        ),
    )


async def mails(mailbox: Path, application: UUID, seconds: float = 10) -> list[EmailMessage]:
    """Return the mails about an application, once there is one."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        files = (mailbox / "new").iterdir() if (mailbox / "new").exists() else ()
        found = [email.message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
        if about := [mail for mail in found if str(application) in mail.get_content()]:  # type: ignore[attr-defined]
            return about  # type: ignore[return-value]
        await asyncio.sleep(0.05)
    raise AssertionError("no mail came")


async def is_idle(memory: Database) -> None:
    """Wait until no task is left."""
    for _ in range(200):
        if not await value(memory, "SELECT count(*) FROM pgqueuer"):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("tasks are left")
