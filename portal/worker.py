"""What happens after a page was answered: documents are made and sealed, mail is sent, what was lost is found.

A task is tried until it succeeds, ever more seldom. A worker that is killed leaves its task to the next one.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import asyncpg
import structlog
from pgqueuer import PgQueuer
from pgqueuer.db import AsyncpgDriver
from pgqueuer.errors import RetryRequested
from pgqueuer.executors import DatabaseRetryEntrypointExecutor
from pgqueuer.models import Context, Job, Schedule

from i18n.refusal import Refusal
from portal import log, rounds
from portal.approving import Approver
from portal.completing import Completer
from portal.database import LOST, connect_once, opened
from portal.fetching import Fetcher
from portal.issuing import Desk
from portal.mail import Postman
from portal.messenger import Messenger
from portal.migrate import refuse_outdated
from portal.parties import Parties, refuse_wrong_keys
from portal.posting import Courier
from portal.reissuing import Reissuer
from portal.session import now
from portal.settings import Settings, load
from services.batches import deciding
from services.documents.revocation import revoking
from services.registers.posting import delivery
from services.registers.seal import AuditKey

_log = structlog.get_logger("portal.worker")
# A killed worker's task is taken up again after this long.
_HEARTBEAT = timedelta(seconds=5)
_MINUTELY, _HOURLY = "* * * * *", "0 * * * *"

Task = Callable[[UUID, datetime], Awaitable[None]]
Round = Callable[[datetime], Awaitable[None]]


class _Told(DatabaseRetryEntrypointExecutor):
    """Tries again, and says in the log what went wrong."""

    async def execute(self, job: Job, context: Context) -> None:
        try:
            await super().execute(job, context)
        except RetryRequested as again:
            cause = again.__cause__
            is_known = isinstance(cause, Refusal)
            code = cause.code if is_known else type(cause).__name__
            _log.warning("task_failed", task=job.entrypoint, code=code, exc_info=None if is_known else cause)
            # The queue keeps reasons and tracebacks too, and those may hold what nobody struck out.
            raise RetryRequested(again.delay, reason=code) from None


_patiently = partial(
    _Told,
    max_attempts=1_000_000,
    initial_delay=timedelta(seconds=1),
    max_delay=timedelta(minutes=1),
)


def run() -> int:
    """Work until told to stop and return 0; when the database is gone 1, so that whoever keeps us starts us again."""
    settings = load(Settings)
    refuse_wrong_keys(settings)
    log.configure(settings.log_format)
    try:
        asyncio.run(_run(settings))
    except (*LOST, asyncpg.InterfaceError) as gone:
        _log.error("database_gone", code=type(gone).__name__)
        return 1
    return 0


async def _run(settings: Settings) -> None:
    url = settings.database_url or ""
    await refuse_outdated(url)
    async with (
        opened(settings, application="worker") as database,
        Parties(settings) as parties,
        _listening(url) as connection,
    ):
        queue = PgQueuer(AsyncpgDriver(connection))
        with (
            Desk(settings, database) as desk,
            Completer(settings, database) as completer,
            Approver(settings, database) as approver,
        ):
            key = AuditKey(settings.audit_key)
            _takes(queue, "complete_signature", completer.complete)
            _takes(queue, deciding.TASK, approver.approve)
            _takes(queue, "fetch_facts", Fetcher(database, parties, key).fetch)
            _takes(queue, delivery.TASK, Courier(database, parties, key).post)
            _takes(queue, "issue", desk.issue)
            _takes(queue, revoking.TASK, Reissuer(desk, database, parties, key).reissue)
            _takes(queue, "refused", desk.refuse)
            _takes(queue, "mail", Postman(settings, database).deliver)
            messenger = Messenger(settings, database, parties.sms)
            _takes(queue, "offer_email", messenger.deliver)
            _takes(queue, "offer_sms", messenger.deliver)
            _goes(queue, _MINUTELY, "ask_after_payments", partial(rounds.ask_after_payments, database, parties))
            _goes(queue, _MINUTELY, "ask_for_documents", partial(rounds.ask_for_documents, database))
            _goes(queue, _MINUTELY, "ask_for_signatures", partial(rounds.ask_for_signatures, database))
            _goes(queue, _MINUTELY, "ask_for_facts", partial(rounds.ask_for_facts, database))
            _goes(queue, _MINUTELY, "ask_again", partial(rounds.ask_again, database))
            _goes(queue, _MINUTELY, "watch_time_limits", partial(rounds.watch_time_limits, database))
            _goes(queue, _MINUTELY, "seal_days", partial(rounds.seal_days, database, key))
            _goes(queue, _MINUTELY, "read_events", partial(rounds.read_events, database, parties, key))
            _goes(queue, _MINUTELY, "scan_attachments", partial(rounds.scan_attachments, database, parties.scanner))
            _goes(queue, _HOURLY, "sweep", partial(rounds.sweep, database))
            for sign in (signal.SIGINT, signal.SIGTERM):
                asyncio.get_running_loop().add_signal_handler(sign, queue.shutdown.set)
            _log.info("working")
            await queue.run(dequeue_timeout=timedelta(seconds=5), heartbeat_timeout=_HEARTBEAT)


@asynccontextmanager
async def _listening(url: str) -> AsyncGenerator[asyncpg.Connection]:
    """Yield the queue's own connection: it listens on it, which a pool's connection never does."""
    connection = await connect_once(url, application="worker")
    try:
        yield connection
    finally:
        await connection.close(timeout=2)


def _takes(queue: PgQueuer, name: str, task: Task) -> None:
    """Let the worker take the tasks of a name."""

    @queue.entrypoint(name, executor_factory=_patiently)
    async def _take(job: Job) -> None:
        await task(UUID((job.payload or b"").decode()), now())


def _goes(queue: PgQueuer, when: str, name: str, go: Round) -> None:
    """Let the worker go its rounds."""

    @queue.schedule(name, when)
    async def _go(_schedule: Schedule) -> None:
        await go(now())
