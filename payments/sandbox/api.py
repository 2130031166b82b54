"""What merchants call: open a payment, read it, have its message sent again. JSON over HTTP, with an API key."""

from __future__ import annotations

import hmac
import re
from datetime import UTC, datetime
from typing import Any

import asyncpg
import msgspec
from litestar import Request, Response, get, post
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency
from litestar.exceptions import HTTPException, NotAuthorizedException, NotFoundException
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath

from payments.sandbox import store
from payments.sandbox.outbox import Outbox
from payments.sandbox.payment import Opening, Payment
from payments.sandbox.settings import Settings

_KEY = re.compile(r"[\x21-\x7e]{1,255}")


def merchant(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
    """Let in who shows the merchant's API key as a bearer token (RFC 6750)."""
    settings: Settings = connection.app.state.settings
    scheme, _space, key = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not hmac.compare_digest(
        key.encode(), settings.api_key.get_secret_value().encode()
    ):
        raise NotAuthorizedException("unauthorized", headers={"WWW-Authenticate": "Bearer"})


@post("/v1/payments", guards=[merchant])
async def open_payment(
    request: Request[Any, Any, Any], pool: NamedDependency[asyncpg.Pool], settings: NamedDependency[Settings]
) -> Response[dict[str, Any]]:
    """Open a payment. The same Idempotency-Key answers with the same payment; for another payment it is 422."""
    key = request.headers.get("idempotency-key", "")
    if not _KEY.fullmatch(key):
        raise HTTPException("idempotency_key_missing", status_code=400)
    opening = _read(await request.body(), settings)
    async with pool.acquire() as connection:
        payment = await store.open_payment(connection, key, opening, datetime.now(UTC), settings.lifetime)
    if payment is None:
        raise HTTPException("idempotency_key_reused", status_code=422)
    return Response(_shown(payment, settings), status_code=201)


@get("/v1/payments/{payment_id:str}", guards=[merchant])
async def read_payment(
    payment_id: FromPath[str], pool: NamedDependency[asyncpg.Pool], settings: NamedDependency[Settings]
) -> dict[str, Any]:
    """Return a payment as it stands."""
    async with pool.acquire() as connection:
        await store.expire(connection, datetime.now(UTC))
        payment = await store.find(connection, payment_id)
    if payment is None:
        raise NotFoundException("not_found")
    return _shown(payment, settings)


@post("/v1/payments/{payment_id:str}/message", guards=[merchant], status_code=202)
async def send_again(
    payment_id: FromPath[str], pool: NamedDependency[asyncpg.Pool], outbox: NamedDependency[Outbox]
) -> dict[str, str]:
    """Send a payment's message once more, under the same id."""
    async with pool.acquire() as connection:
        payment = await store.find(connection, payment_id)
        if payment is None or not await store.send_again(connection, payment.id, datetime.now(UTC)):
            raise NotFoundException("not_found")
    outbox.call()
    return {"status": "accepted"}


def _read(body: bytes, settings: Settings) -> Opening:
    try:
        opening = msgspec.json.decode(body, type=Opening)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        raise HTTPException("invalid", status_code=422, extra={"why": str(error)}) from error
    if not settings.leads_back(opening.return_url):
        raise HTTPException("return_url_not_allowed", status_code=422)
    return opening


def _shown(payment: Payment, settings: Settings) -> dict[str, Any]:
    return {
        **payment.news(),
        "pay_url": f"{settings.url}/pay/{payment.token}",
        "method": payment.method,
        "created_at": payment.created_at,
        "expires_at": payment.expires_at,
        "ended_at": payment.ended_at,
    }
