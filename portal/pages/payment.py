"""Paying: there, back, and the provider's own message. Each of the last two is enough alone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import structlog
from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from i18n.refusal import NotFound, Refused, Unreachable
from payments import ledger
from payments import store as payments
from payments.money import Money
from payments.payment import Payment, State
from portal.database import Connection, Database
from portal.parties import Parties
from portal.queue import enqueue
from portal.session import anyone, citizen, now, party
from portal.visit import Visit
from services.applications import casework
from services.applications.application import Application

_log = structlog.get_logger("portal.payment")


@post("/applications/{application_id:uuid}/payment", guards=[citizen], status_code=303)
async def pay(request: Visit, application_id: FromPath[UUID]) -> Redirect:
    """Open a payment, or find the one under way, and send the person to the provider's page."""
    return await to_provider(request, application_id)


@get("/payments/{payment_id:uuid}", guards=[anyone])
async def come_back(request: Visit, payment_id: FromPath[UUID]) -> Response[Any]:
    """Ask the provider what became of the payment; its message may have come first, or not at all.

    A session lost meanwhile ends here on a page, not on the way to the eID: browsers hold the provider's form to the
    places that its own policy names, along every redirect.
    """
    async with request.database.connect() as connection:
        payment = await _found(connection, payment_id)
    try:
        await ask(request.database, request.parties, payment)
    except Unreachable as silence:
        _log.warning("payment_unread", code=silence.code, payment_id=str(payment_id))
    address = f"/applications/{payment.order_id}"
    return request.to(address) if request.session else request.page("payment_noted", page=address)


@post("/webhooks/payments", guards=[party], opt={"signed_by_party": True}, status_code=204)
async def webhook(request: Visit) -> None:
    """Take the provider's signed message; answered with success only when it is stored."""
    event = request.parties.payments.read_event(dict(request.headers), await request.body(), now())
    async with request.database.transaction() as connection:
        settled = await ledger.settle(connection, event.outcome.payment_id, event.outcome, event.id, now())
        await _go_on(connection, settled)


async def to_provider(request: Visit, application_id: UUID) -> Redirect:
    """Return the way to the provider's page for the fee of the person's application."""
    async with request.database.transaction() as connection:
        application = await casework.find(connection, application_id, request.person.person_id)
        payment = await _prepared(connection, application)
    back = f"{request.settings.url}/{request.language}/payments/{payment.id}"
    page = await request.parties.payments.open(payment, request.language, back, application.reference)
    async with request.database.transaction() as connection:
        await ledger.opened(connection, payment.id, page.provider_id, page.pay_url, now())
    return Redirect(page.pay_url, status_code=303)


async def ask(database: Database, parties: Parties, payment: Payment) -> None:
    """Ask the provider what became of a payment and note it; on return, and by the worker when no news came."""
    if payment.provider_id is None or payment.state is State.PAID:
        return
    outcome = await parties.payments.read(payment.provider_id)
    async with database.transaction() as connection:
        await _go_on(connection, await ledger.settle(connection, payment.id, outcome, outcome.reading, now()))


async def _go_on(connection: Connection, settled: ledger.Settled) -> None:
    """Let the application go on when its fee is paid; money that no application waits for is kept all the same."""
    if not settled.changed or settled.payment.state is not State.PAID:
        return
    try:
        async with connection.transaction():
            await casework.settle_payment(connection, settled.payment.order_id, settled.payment.id, enqueue, now())
    except Refused as refusal:
        _log.error("payment_unwanted", code=refusal.code, payment_id=str(settled.payment.id))


async def _prepared(connection: Connection, application: Application) -> Payment:
    service = await casework.service_of(connection, application)
    return await ledger.prepare(connection, application.id, Money(casework.due(application)), service.names, now())


async def _found(connection: Connection, payment_id: UUID) -> Payment:
    payment = await payments.find(connection, payment_id)
    if payment is None:
        raise NotFound
    return payment
