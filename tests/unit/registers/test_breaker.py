"""A register that keeps failing is left alone for a while, then tried by one request."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from services.registers.breaker import LIMIT, PAUSE, Breaker

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def tripped() -> Breaker:
    breaker = Breaker()
    for _ in range(LIMIT):
        assert breaker.admits(NOW)
        breaker.failed(NOW)
    return breaker


def test_after_some_failures_in_a_row_nobody_asks_it() -> None:
    breaker = tripped()
    assert not breaker.admits(NOW + PAUSE - timedelta(seconds=1))


def test_a_success_between_failures_keeps_it_in_use() -> None:
    breaker = Breaker()
    for _ in range(3):
        for _ in range(LIMIT - 1):
            breaker.failed(NOW)
        breaker.succeeded()
    assert breaker.admits(NOW)


def test_after_the_pause_one_request_tries_it() -> None:
    breaker = tripped()
    later = NOW + PAUSE
    assert [breaker.admits(later) for _ in range(3)] == [True, False, False]


def test_when_the_trial_fails_it_is_left_alone_again_and_when_it_succeeds_all_may_ask() -> None:
    breaker = tripped()
    later = NOW + PAUSE
    assert breaker.admits(later)
    breaker.failed(later)
    assert not breaker.admits(later + PAUSE - timedelta(seconds=1))
    assert breaker.admits(later + PAUSE)
    breaker.succeeded()
    assert all(breaker.admits(later + PAUSE) for _ in range(10))
