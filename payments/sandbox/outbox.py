"""Tells the merchant what became of payments: signed messages (Standard Webhooks 1.0), sent until they are taken."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import asyncpg
import httpx
import structlog
from standardwebhooks import Webhook

from payments.sandbox import store
from payments.sandbox.settings import Settings
from payments.sandbox.store import Message

log = structlog.get_logger(__name__)

# After the first attempt; the last one repeats. Who was away for a night is told in the morning.
WAITS = tuple(timedelta(seconds=s) for s in (5, 15, 30, 60, 2 * 60, 5 * 60, 10 * 60, 30 * 60))
_PATIENCE = 10  # seconds for an answer
_PAUSE = 1.0  # seconds between looks when nobody calls


class Outbox:
    """Sends what is due. Several may run at once, in several processes: each message is taken by one."""

    def __init__(self, pool: asyncpg.Pool, settings: Settings, http: httpx.AsyncClient) -> None:
        self._pool = pool
        self._url = settings.webhook_url
        self._signer = Webhook(settings.webhook_secret.get_secret_value())
        self._http = http
        self._called = asyncio.Event()

    def call(self) -> None:
        """Have the outbox look now and not at its next round."""
        self._called.set()

    async def run(self) -> None:
        """Look, send, rest, for ever; a database that is away is tried again."""
        while True:
            self._called.clear()
            try:
                await self.round(datetime.now(UTC))
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("outbox_without_database", why=repr(error))
            with suppress(TimeoutError):
                await asyncio.wait_for(self._called.wait(), _PAUSE)

    async def round(self, now: datetime) -> None:
        """End what nobody paid in time and send every message that is due, until there is none."""
        async with self._pool.acquire() as connection:
            await store.expire(connection, now)
        while messages := await self._due(now):
            await asyncio.gather(*map(self._send, messages))

    async def _due(self, now: datetime) -> list[Message]:
        async with self._pool.acquire() as connection:
            return await store.due(connection, now, WAITS)

    async def _send(self, message: Message) -> None:
        failure = await self._failure(message)
        async with self._pool.acquire() as connection:
            if failure is None:
                await store.delivered(connection, message.id, datetime.now(UTC))
                return
            await store.failed(connection, message.id, failure)
        log.warning("webhook_not_taken", message=message.id, attempts=message.attempts, why=failure)

    async def _failure(self, message: Message) -> str | None:
        """Return why the merchant did not take the message, None when she did. Each attempt is signed with its time."""
        sent_at = datetime.now(UTC)
        headers = {
            "content-type": "application/json",
            "webhook-id": message.id,
            "webhook-timestamp": str(int(sent_at.timestamp())),
            "webhook-signature": self._signer.sign(message.id, sent_at, message.body),
        }
        try:
            async with (
                asyncio.timeout(_PATIENCE),
                self._http.stream("POST", self._url, content=message.body.encode(), headers=headers) as answer,
            ):
                return None if answer.is_success else f"status {answer.status_code}"
        except (httpx.HTTPError, TimeoutError) as error:
            return type(error).__name__
