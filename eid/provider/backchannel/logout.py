"""Tells clients that a session has ended (OpenID Connect Back-Channel Logout 1.0), from a queue in the database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import structlog
from uuid_utils.compat import uuid7

from eid.provider import store as eid_store
from eid.provider.backchannel import store
from eid.provider.backchannel.store import LogoutMessage
from eid.provider.client import Client
from eid.provider.database import LOST
from eid.provider.desk import Desk
from eid.provider.dialect import issuer_of
from eid.provider.outward import outward_client
from eid.provider.people import Enrolled
from eid.provider.tokens import subject

_log = structlog.get_logger("eid.logout")
_EVENT = "http://schemas.openid.net/event/backchannel-logout"
_TOKEN_LIVES = timedelta(minutes=2)
# How long after each try the next one comes; after the last, the message is given up.
_AGAIN = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=5))
_SECONDS = 5.0  # a client has for one answer; shorter than the first pause, so that nobody is told twice at once
_AT_ONCE = 20
_PAUSE = 0.5


@asynccontextmanager
async def telling(desk: Desk) -> AsyncGenerator[None]:
    """Tell clients what is queued, until the block ends; what is left then, the next process tells."""
    task = asyncio.create_task(_tell_all(desk))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _tell_all(desk: Desk) -> None:
    async with outward_client(_SECONDS, private=desk.settings.private_clients) as http:
        while True:
            told = 0
            with suppress(*LOST):
                told = await tell_due(desk, http, datetime.now(UTC))
            if not told:
                await asyncio.sleep(_PAUSE)


async def tell_due(desk: Desk, http: httpx.AsyncClient, now: datetime) -> int:
    """Send what is due at `now`, all at once, and return how many messages that were."""
    async with desk.transaction() as connection:
        messages = await store.due(connection, now, _AGAIN, _AT_ONCE)
        letters = [await _letter(desk, connection, message, now) for message in messages]
    await asyncio.gather(*(_send(desk, http, *letter) for letter in letters if letter))
    return len(messages)


async def _letter(
    desk: Desk, connection: eid_store.Connection, message: LogoutMessage, now: datetime
) -> tuple[LogoutMessage, str, str] | None:
    """Return where a message goes and the token that it carries, signed now: each try has one of its own."""
    client = await eid_store.find_client(connection, message.client_id)
    person = await eid_store.find_person(connection, message.person_id)
    if client is None or person is None or client.backchannel_logout_uri is None:
        await store.forget_message(connection, message.id)
        return None
    keys = await desk.keys(connection, now, with_rsa=client.takes_rsa)
    claims = _claims(desk, client, person, message.sid, now)
    return message, client.backchannel_logout_uri, keys.sign(claims, "logout+jwt", client.id_token_signed_response_alg)


def _claims(desk: Desk, client: Client, person: Enrolled, sid: str, now: datetime) -> dict[str, Any]:
    """Return what a logout token says (section 2.4): it has no nonce, so that it is never taken for an ID token."""
    return {
        "iss": issuer_of(desk.issuer, client),
        "sub": subject(desk.secret, client, person),
        "aud": client.client_id,
        "iat": int(now.timestamp()),
        "exp": int((now + _TOKEN_LIVES).timestamp()),
        "jti": str(uuid7()),
        "sid": sid,
        "events": {_EVENT: {}},
    }


async def _send(desk: Desk, http: httpx.AsyncClient, message: LogoutMessage, uri: str, token: str) -> None:
    """Send one message; one that was taken, or was sent for the last time, is forgotten."""
    if why := await _trouble(http, uri, token):
        _log.warning("client_not_told", client=message.client_id, why=why, tries=message.tries)
        if message.tries < len(_AGAIN):
            return
    else:
        _log.info("client_told", client=message.client_id)
    async with desk.transaction() as connection:
        await store.forget_message(connection, message.id)


async def _trouble(http: httpx.AsyncClient, uri: str, token: str) -> str | None:
    """Return why a client did not take the token, None when it did. What it answers is not read: only that it does."""
    try:
        async with asyncio.timeout(_SECONDS), http.stream("POST", uri, data={"logout_token": token}) as answer:
            return None if answer.is_success else f"status {answer.status_code}"
    except (httpx.HTTPError, TimeoutError) as failure:
        return type(failure).__name__
