"""What happens after a page was answered: documents are made and sealed, mail is sent, lost payments are found.

A task is tried until it succeeds, ever more seldom. A worker that is killed leaves its task to the next one.
"""

from __future__ import annotations

import asyncio
import signal
from datetime import timedelta
from functools import partial
from uuid import UUID

import structlog
from pgqueuer import PgQueuer
from pgqueuer.db import AsyncpgDriver
from pgqueuer.errors import RetryRequested
from pgqueuer.executors import DatabaseRetryEntrypointExecutor
from pgqueuer.models import Context, Job, Schedule

from i18n.refusal import Refusal, Unreachable
from payments import ledger
from portal import log, mail, store
from portal.database import Database, connect_once, opened
from portal.issuing import Desk
from portal.pages.payment import ask
from portal.parties import Parties
from portal.queue import enqueue
from portal.render import make_environment
from portal.session import IDLE, now
from portal.settings import Settings
from portal.way_back import KEPT_SECONDS
from services.applications import store as applications
from services.notices import inbox

_log = structlog.get_logger("portal.worker")
# A killed worker's task is taken up again after this long.
_HEARTBEAT = timedelta(seconds=5)
_LATE = timedelta(minutes=2)  # a payment without news for so long is asked after


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
            raise


_patiently = partial(
    _Told,
    max_attempts=1_000_000,
    initial_delay=timedelta(seconds=1),
    max_delay=timedelta(minutes=1),
)


def run(settings: Settings) -> None:
    """Work until told to stop."""
    log.configure(settings.log_format)
    asyncio.run(_run(settings))


async def _run(settings: Settings) -> None:
    listening = await connect_once(settings.database_url or "", application="worker")
    async with opened(settings, application="worker") as database, Parties(settings) as parties:
        queue = PgQueuer(AsyncpgDriver(listening))
        with Desk(settings, database) as desk:
            _take_tasks(queue, database, desk, settings)
            _watch_clock(queue, database, parties)
            for sign in (signal.SIGINT, signal.SIGTERM):
                asyncio.get_running_loop().add_signal_handler(sign, queue.shutdown.set)
            _log.info("working")
            await queue.run(dequeue_timeout=timedelta(seconds=5), heartbeat_timeout=_HEARTBEAT)
    await listening.close()


def _take_tasks(queue: PgQueuer, database: Database, desk: Desk, settings: Settings) -> None:
    environment = make_environment(settings)

    @queue.entrypoint("issue", executor_factory=_patiently)
    async def issue(job: Job) -> None:
        await desk.issue(_id(job), now())

    @queue.entrypoint("refused", executor_factory=_patiently)
    async def refused(job: Job) -> None:
        async with database.transaction() as connection:
            application = await applications.any_of(connection, _id(job), lock=False)
            if application is not None:
                await inbox.tell(connection, application, "refused", enqueue, now())

    @queue.entrypoint("mail", executor_factory=_patiently)
    async def post(job: Job) -> None:
        async with database.connect() as connection:
            letter = await inbox.letter(connection, _id(job))
        if letter is None:
            return
        await mail.send(mail.compose(letter, environment, settings), settings)
        async with database.transaction() as connection:
            await inbox.mailed(connection, _id(job), now())

    _ = (issue, refused, post)


def _watch_clock(queue: PgQueuer, database: Database, parties: Parties) -> None:
    @queue.schedule("ask_after_payments", "* * * * *")
    async def ask_after_payments(_schedule: Schedule) -> None:
        async with database.connect() as connection:
            silent = await ledger.open_since(connection, now() - _LATE)
        for payment in silent:
            try:
                await ask(database, parties, payment)
            except Unreachable as silence:
                _log.warning("payment_unread", code=silence.code, payment_id=str(payment.id))
                return

    @queue.schedule("sweep", "0 * * * *")
    async def sweep(_schedule: Schedule) -> None:
        async with database.transaction() as connection:
            await store.sweep(connection, now(), IDLE, timedelta(seconds=KEPT_SECONDS))

    _ = (ask_after_payments, sweep)


def _id(job: Job) -> UUID:
    return UUID((job.payload or b"").decode())
