"""Whatever the provider says, in whatever order and however often, the books agree with the payments."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from uuid_utils.compat import uuid4, uuid7

from payments import ledger, store
from payments.errors import AlreadyPaid
from payments.money import Money
from payments.payment import Outcome, Payment, State
from portal.database import Connection

from .people import BIRTH_EXTRACT, now

ENDS = (State.PAID, State.DECLINED, State.CANCELLED, State.EXPIRED)
# Which payment of the order the news is about, what it says, under which of a few ids (so that some come twice).
NEWS = st.tuples(st.integers(0, 3), st.sampled_from((*ENDS, State.OPENED)), st.integers(0, 3))


@settings(
    max_examples=60,
    deadline=timedelta(seconds=5),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(amount=st.integers(1, 10_000_00), news=st.lists(NEWS, max_size=12))
async def test_the_books_agree_with_the_payments(
    connection: Connection, amount: int, news: list[tuple[int, State, int]]
) -> None:
    order, payments, told_paid = uuid4(), list[Payment](), set[UUID]()
    before = await balances(connection)
    for which, state, event in news:
        payments = await _with_a_live_one(connection, order, Money(amount), payments)
        payment = payments[min(which, len(payments) - 1)]
        outcome = Outcome(payment.id, payment.provider_id or "", payment.amount, state)
        await ledger.settle(connection, payment.id, outcome, f"{payment.id} {event}", now())
        told_paid |= {payment.id} if state is State.PAID else set()
    after = await balances(connection)
    paid = [one for one in await store.of_order(connection, order) if one.state is State.PAID]
    assert {one.id for one in paid} == told_paid
    came = {account: after.get(account, 0) - before.get(account, 0) for account in ("provider", "fees", "refunds")}
    assert came["provider"] == amount * len(paid)
    assert came["fees"] == -amount * min(len(paid), 1)
    assert came["refunds"] == -amount * sum(one.surplus for one in paid) == -amount * max(len(paid) - 1, 0)
    assert sum(after.values()) == 0


async def _with_a_live_one(
    connection: Connection, order: UUID, amount: Money, payments: list[Payment]
) -> list[Payment]:
    """Return the order's payments, tried again when none is live and it is not paid."""
    try:
        payment = await ledger.prepare(connection, order, amount, BIRTH_EXTRACT, now())
    except AlreadyPaid:
        return payments
    if payment.provider_id is None:
        page = f"pay_{uuid7().hex}"
        payment = await ledger.opened(connection, payment.id, page, "https://pay.example/", now())
        return [*payments, payment]
    return payments


async def balances(connection: Connection) -> dict[str, int]:
    """Return every account's debits less its credits, in cents."""
    rows = await connection.fetch(
        """
        SELECT account, sum(cents)::bigint AS cents
          FROM (SELECT debit AS account, cents FROM ledger_entry
                 UNION ALL SELECT credit, -cents FROM ledger_entry) AS line
         GROUP BY account
        """
    )
    return {row["account"]: row["cents"] for row in rows}
