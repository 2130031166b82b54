"""What the provider says settles a payment, by whichever way it comes, once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from uuid_utils.compat import uuid4, uuid7

from i18n.refusal import NotFound
from payments import ledger, store
from payments.errors import Mismatch
from payments.gateway import Gateway
from payments.ledger import Settled
from payments.money import Money
from payments.payment import Outcome, Payment, State
from portal.database import Database

from .conftest import Merchant, Payer, open_payment
from .people import BIRTH_EXTRACT, now

Arta = Callable[..., Awaitable[tuple[Payment, Payer]]]


async def settle(database: Database, payment: Payment, outcome: Outcome, event_id: str) -> Settled:
    async with database.transaction() as connection:
        return await ledger.settle(connection, payment.id, outcome, event_id, now())


async def on_return(database: Database, gateway: Gateway, payment: Payment) -> Settled:
    """Do what the portal does when the person comes back."""
    assert payment.provider_id
    outcome = await gateway.read(payment.provider_id)
    return await settle(database, payment, outcome, outcome.reading)


async def by_message(database: Database, gateway: Gateway, message: tuple[dict[str, str], bytes]) -> Settled:
    """Do what the portal does with a webhook."""
    event = gateway.read_event(message[0], message[1], now())
    async with database.transaction() as connection:
        return await ledger.settle(connection, event.outcome.payment_id, event.outcome, event.id, now())


async def message_about(merchant: Merchant, payment: Payment) -> tuple[dict[str, str], bytes]:
    assert payment.provider_id
    return (await asyncio.to_thread(merchant.wait_for, payment.provider_id))[0]


async def entries(database: Database, payment: Payment) -> list[tuple[str, str, int]]:
    async with database.connect() as connection:
        rows = await connection.fetch("SELECT * FROM ledger_entry WHERE payment_id = $1", payment.id)
    return [(row["debit"], row["credit"], row["cents"]) for row in rows]


async def events(database: Database, payment: Payment) -> list[tuple[str, bool]]:
    async with database.connect() as connection:
        rows = await connection.fetch("SELECT * FROM payment_event WHERE payment_id = $1 ORDER BY id", payment.id)
    return [(row["outcome"], row["changed"]) for row in rows]


EARNED = [("provider", "fees", 100)]


async def test_her_return_alone_settles(arta: Arta, database: Database, gateway: Gateway) -> None:
    payment, payer = await arta()
    payer.pay()
    settled = await on_return(database, gateway, payment)
    assert (settled.changed, settled.payment.state) == (True, State.PAID)
    assert await entries(database, payment) == EARNED


async def test_the_message_alone_settles(arta: Arta, database: Database, gateway: Gateway, merchant: Merchant) -> None:
    payment, payer = await arta()
    payer.pay()
    settled = await by_message(database, gateway, await message_about(merchant, payment))
    assert (settled.changed, settled.payment.state) == (True, State.PAID)
    assert await entries(database, payment) == EARNED


async def test_return_and_messages_together_and_again_settle_once(
    arta: Arta, database: Database, gateway: Gateway, merchant: Merchant
) -> None:
    payment, payer = await arta()
    payer.pay()
    message = await message_about(merchant, payment)
    everything = [
        *(on_return(database, gateway, payment) for _ in range(5)),
        *(by_message(database, gateway, message) for _ in range(5)),
    ]
    settled = await asyncio.gather(*everything)
    assert [one.changed for one in settled].count(True) == 1
    assert {one.payment.state for one in settled} == {State.PAID}
    assert await entries(database, payment) == EARNED
    assert len(await events(database, payment)) == 2  # the message, and what was read: once each


async def test_who_looks_too_early_changes_nothing(arta: Arta, database: Database, gateway: Gateway) -> None:
    payment, _payer = await arta()
    settled = await on_return(database, gateway, payment)
    assert (settled.changed, settled.payment) == (False, payment)
    assert await events(database, payment) == []


@pytest.mark.parametrize("end", [State.DECLINED, State.CANCELLED])
async def test_after_no_she_can_try_again_and_pay(arta: Arta, database: Database, gateway: Gateway, end: State) -> None:
    order = uuid4()
    first, payer = await arta(order)
    if end is State.DECLINED:
        payer.pay("4000 0000 0000 0002")
    else:
        payer.send("cancellation")
    assert (await on_return(database, gateway, first)).payment.state is end
    assert await entries(database, first) == []
    second, payer = await arta(order)
    assert second.id != first.id
    payer.pay()
    settled = await on_return(database, gateway, second)
    assert (settled.payment.state, settled.payment.surplus) == (State.PAID, False)
    assert await entries(database, second) == EARNED


async def test_old_news_after_the_money_changes_nothing(arta: Arta, database: Database, gateway: Gateway) -> None:
    payment, payer = await arta()
    payer.pay()
    paid = (await on_return(database, gateway, payment)).payment
    outcome = Outcome(paid.id, paid.provider_id or "", paid.amount, State.CANCELLED)
    settled = await settle(database, paid, outcome, f"msg_{uuid4()}")
    assert (settled.changed, settled.payment) == (False, paid)
    assert await events(database, paid) == [("paid", True), ("cancelled", False)]


async def test_money_that_comes_after_she_gave_up_is_kept_and_flagged(
    arta: Arta, database: Database, gateway: Gateway
) -> None:
    payment, payer = await arta()
    payer.send("cancellation")
    await on_return(database, gateway, payment)
    late = Outcome(payment.id, payment.provider_id or "", payment.amount, State.PAID)
    settled = await settle(database, payment, late, f"msg_{uuid4()}")
    assert (settled.changed, settled.payment.state, settled.payment.late) == (True, State.PAID, True)
    assert await entries(database, payment) == EARNED


async def test_a_second_payment_of_the_same_order_is_owed_back(
    arta: Arta, database: Database, gateway: Gateway
) -> None:
    order = uuid4()
    first, payer = await arta(order)
    payer.send("cancellation")
    await on_return(database, gateway, first)
    second, payer = await arta(order)
    payer.pay()
    late = Outcome(first.id, first.provider_id or "", first.amount, State.PAID)
    both = await asyncio.gather(settle(database, first, late, f"msg_{uuid4()}"), on_return(database, gateway, second))
    assert sorted(one.payment.surplus for one in both) == [False, True]
    booked = await entries(database, first) + await entries(database, second)
    assert sorted(booked) == [("provider", "fees", 100), ("provider", "refunds", 100)]


async def test_the_worker_finds_what_return_and_message_lost(arta: Arta, database: Database, gateway: Gateway) -> None:
    lost, payer = await arta()
    payer.pay()
    waiting, _payer = await arta()
    found: list[Payment] = []
    after = None
    async with database.connect() as connection:
        while page := await ledger.open_since(connection, now() + timedelta(seconds=1), after):
            found, after = [*found, *page], page[-1].id
        assert await ledger.open_since(connection, lost.created_at - timedelta(days=9)) == []
    assert {lost.id, waiting.id} <= {payment.id for payment in found}
    for payment in found:
        if payment.id in {lost.id, waiting.id}:
            await on_return(database, gateway, payment)
    async with database.connect() as connection:
        states = [(await store.find(connection, one.id) or one).state for one in (lost, waiting)]
    assert states == [State.PAID, State.OPENED]


async def test_pages_of_open_payments_follow_one_another(connection: asyncpg.Connection) -> None:
    before = now()
    for _ in range(store.PAGE + 3):
        payment = await ledger.prepare(connection, uuid4(), Money(100), BIRTH_EXTRACT, before)
        await ledger.opened(connection, payment.id, f"pay_{uuid7()}", "https://pay.example/", before)
    after, seen = None, list[Payment]()
    while page := await ledger.open_since(connection, before + timedelta(seconds=1), after):
        assert len(page) <= store.PAGE
        seen, after = [*seen, *page], page[-1].id
    assert len({payment.id for payment in seen}) == len(seen) >= store.PAGE + 3


async def test_news_that_came_before_the_page_was_noted_is_not_lost(database: Database, gateway: Gateway) -> None:
    payment, _payer = await open_payment(database, gateway, uuid4())
    async with database.transaction() as connection:
        other = await ledger.prepare(connection, uuid4(), Money(100), BIRTH_EXTRACT, now())
        paid = Outcome(other.id, f"pay_{uuid7()}", other.amount, State.PAID)
        await ledger.settle(connection, other.id, paid, f"msg_{uuid4()}", now())
        noted = await ledger.opened(connection, other.id, paid.provider_id, "https://pay.example/", now())
        assert noted.state is State.PAID
        with pytest.raises(Mismatch):
            await ledger.opened(connection, payment.id, "pay_another", "https://pay.example/", now())


@pytest.mark.parametrize("wrong", ["amount", "payment_id", "provider_id"])
async def test_news_that_does_not_match_is_refused(arta: Arta, database: Database, wrong: str) -> None:
    payment, _payer = await arta()
    other: dict[str, Any] = {"amount": Money(99), "payment_id": uuid4(), "provider_id": "pay_another"}
    paid = Outcome(payment.id, payment.provider_id or "", payment.amount, State.PAID)
    with pytest.raises(Mismatch):
        await settle(database, payment, replace(paid, **{wrong: other[wrong]}), f"msg_{uuid4()}")
    assert await events(database, payment) == []
    assert await entries(database, payment) == []


async def test_news_of_nobodys_payment_is_not_found(database: Database) -> None:
    outcome = Outcome(uuid4(), "pay_1", Money(100), State.PAID)
    async with database.transaction() as connection:
        with pytest.raises(NotFound):
            await ledger.settle(connection, outcome.payment_id, outcome, "msg_1", now())


@pytest.mark.parametrize("table", ["payment_event", "ledger_entry"])
@pytest.mark.parametrize("change", ["UPDATE {} SET payment_id = payment_id", "DELETE FROM {}"])
async def test_the_books_are_never_rewritten(
    arta: Arta, database: Database, gateway: Gateway, table: str, change: str
) -> None:
    payment, payer = await arta()
    payer.pay()
    await on_return(database, gateway, payment)
    with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
        async with database.transaction() as connection:
            await connection.execute(change.format(table))


async def test_a_payment_is_never_deleted(arta: Arta, database: Database) -> None:
    payment, _payer = await arta()
    with pytest.raises(asyncpg.RestrictViolationError):
        async with database.transaction() as connection:
            await connection.execute("DELETE FROM payment WHERE id = $1", payment.id)
