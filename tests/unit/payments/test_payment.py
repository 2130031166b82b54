"""A payment's life, as the table says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from i18n.text import Wording
from payments.money import Money
from payments.payment import LIFE, LIVE, Outcome, Payment, State

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ARTAS = Payment(
    id=UUID(int=1),
    order_id=UUID(int=2),
    amount=Money(100),
    description=Wording("Ekstrakti i lindjes", "Ekstrakt rođenja", "Birth extract"),
    state=State.PREPARED,
    provider_id=None,
    pay_url=None,
    late=False,
    surplus=False,
    created_at=NOW,
    opened_at=None,
    settled_at=None,
)
ENDS = (State.PAID, State.DECLINED, State.CANCELLED, State.EXPIRED)


def said(state: State, payment: Payment = ARTAS, provider_id: str = "pay_1") -> Outcome:
    return Outcome(payment.id, provider_id, payment.amount, state)


def test_every_state_has_its_place_in_the_table() -> None:
    assert set(LIFE) == set(State)
    assert LIFE[State.PAID] == frozenset()


@pytest.mark.parametrize("end", ENDS)
def test_an_opened_payment_can_end_in_each_way(end: State) -> None:
    payment = ARTAS.opened("pay_1", "https://pay.example/1", NOW).after(said(end), NOW + timedelta(minutes=2))
    assert (payment.state, payment.settled_at, payment.late) == (end, NOW + timedelta(minutes=2), False)
    assert not payment.live


@pytest.mark.parametrize("end", [State.DECLINED, State.CANCELLED, State.EXPIRED])
def test_money_that_comes_after_the_end_is_kept_and_flagged(end: State) -> None:
    payment = ARTAS.opened("pay_1", "https://pay.example/1", NOW).after(said(end), NOW)
    payment = payment.after(said(State.PAID), NOW + timedelta(days=3))
    assert (payment.state, payment.late) == (State.PAID, True)


@given(st.lists(st.sampled_from([State.OPENED, *ENDS])))
def test_nothing_that_is_said_takes_money_back(news: list[State]) -> None:
    payment = ARTAS
    for state in news:
        was = payment
        payment = payment.after(said(state), NOW)
        assert was.state is not State.PAID or payment is was
    assert (payment.state is State.PAID) == (State.PAID in news)


@given(st.sampled_from(list(State)), st.sampled_from([State.OPENED, *ENDS]))
def test_a_step_is_taken_only_if_the_table_has_it(start: State, end: State) -> None:
    payment = replace(ARTAS, state=start, settled_at=None if start in LIVE else NOW)
    moved = payment.after(said(end), NOW)
    assert (moved is not payment) == (end in LIFE[start] and end is not State.OPENED)


def test_old_news_does_not_reopen_a_payment() -> None:
    paid = ARTAS.after(said(State.PAID), NOW)
    assert paid.opened("pay_1", "https://pay.example/1", NOW).state is State.PAID
    assert paid.after(said(State.OPENED), NOW) is paid


def test_news_of_another_payment_or_amount_does_not_fit() -> None:
    opened = ARTAS.opened("pay_1", "https://pay.example/1", NOW)
    assert opened.fits(said(State.PAID))
    assert not opened.fits(said(State.PAID, provider_id="pay_2"))
    assert not opened.fits(Outcome(UUID(int=9), "pay_1", Money(100), State.PAID))
    assert not opened.fits(Outcome(opened.id, "pay_1", Money(1), State.PAID))


def test_the_same_reading_has_the_same_id_and_another_state_another() -> None:
    assert said(State.PAID).reading == said(State.PAID).reading != said(State.CANCELLED).reading
