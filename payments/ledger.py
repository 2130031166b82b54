"""What is done with payments: prepare one, note that it is open, settle it. Each runs in the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

import structlog
from uuid_utils.compat import uuid7

from i18n.refusal import NotFound
from i18n.text import Wording
from payments import store
from payments.errors import AlreadyPaid, Mismatch, OtherAmount
from payments.money import Money
from payments.payment import Event, Outcome, Payment, State
from payments.store import Connection

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Settled:
    """The payment as it now stands, and whether this news changed it: only then is there anything to do next."""

    payment: Payment
    changed: bool


async def prepare(
    connection: Connection, order_id: UUID, amount: Money, description: Wording, now: datetime
) -> Payment:
    """Return the live payment of an order: a new one, or the one that is under way.

    Raises AlreadyPaid when the order is paid, OtherAmount when the one under way is of another amount.
    """
    payments = await store.lock_order(connection, order_id)
    if any(payment.state is State.PAID for payment in payments):
        raise AlreadyPaid
    live = next((payment for payment in payments if payment.live), None)
    if live is None:
        live = _new(order_id, amount, description, now)
        if not await store.add(connection, live):
            return await prepare(connection, order_id, amount, description, now)  # someone else was faster: hers counts
    if live.amount != amount:
        raise OtherAmount
    return live


async def opened(connection: Connection, payment_id: UUID, provider_id: str, pay_url: str, now: datetime) -> Payment:
    """Return the payment with the provider's page noted; what has been settled meanwhile stays settled.

    Raises Mismatch when the provider knows the payment by another id already, NotFound when there is no such payment.
    """
    payment = await _locked(connection, payment_id)
    if payment.provider_id not in {None, provider_id}:
        log.warning("payment_mismatch", payment_id=str(payment_id), provider_id=provider_id)
        raise Mismatch
    payment = payment.opened(provider_id, pay_url, now)
    await store.save(connection, payment)
    return payment


async def settle(connection: Connection, payment_id: UUID, outcome: Outcome, event_id: str, now: datetime) -> Settled:
    """Apply what the provider says: by webhook, on return, or asked by the worker; in any order, as often as it comes.

    `event_id` is the message's id, or `outcome.reading` when we read it. Money that comes late is kept and flagged;
    money for an order already paid is booked as owed back. Raises Mismatch when the outcome is of another payment or
    amount, NotFound when there is no such payment.
    """
    payment = await _locked(connection, payment_id)
    if not payment.fits(outcome):
        log.error("payment_mismatch", payment_id=str(payment_id), provider_id=outcome.provider_id)
        raise Mismatch
    after = payment.after(outcome, now)
    changed = after is not payment
    if outcome.state is not State.OPENED:
        await store.add_event(connection, Event(event_id, outcome), changed=changed, now=now)
    if changed:
        after = await _booked(connection, after, now)
        await store.save(connection, after)
    return Settled(after, changed)


async def open_since(connection: Connection, before: datetime, after: UUID | None = None) -> list[Payment]:
    """Return up to 100 payments opened before a time and not settled, by id: the worker asks what became of them.

    The next page begins `after` the last id of this one.
    """
    return await store.opened_before(connection, before, after)


def _new(order_id: UUID, amount: Money, description: Wording, now: datetime) -> Payment:
    return Payment(
        id=uuid7(),
        order_id=order_id,
        amount=amount,
        description=description,
        state=State.PREPARED,
        provider_id=None,
        pay_url=None,
        late=False,
        surplus=False,
        created_at=now,
        opened_at=None,
        settled_at=None,
    )


async def _locked(connection: Connection, payment_id: UUID) -> Payment:
    # The whole order is locked, so that two of its payments settled at once do not both earn the fee.
    for payment in await store.lock_order_of(connection, payment_id):
        if payment.id == payment_id:
            return payment
    raise NotFound


async def _booked(connection: Connection, payment: Payment, now: datetime) -> Payment:
    """Write money that came into the ledger; return the payment, flagged when the order had been paid already."""
    if payment.state is not State.PAID:
        return payment
    others = await store.of_order(connection, payment.order_id)
    surplus = any(other.state is State.PAID for other in others)
    if surplus or payment.late:
        log.warning("payment_unexpected", payment_id=str(payment.id), late=payment.late, surplus=surplus)
    await store.add_entry(connection, payment, "provider", "refunds" if surplus else "fees", now)
    return replace(payment, surplus=surplus)
