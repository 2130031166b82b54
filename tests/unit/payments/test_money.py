"""Money is counted in whole cents."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.money import Money

CENTS = st.integers(-(10**15), 10**15)


def test_ten_cents_three_times_are_thirty_cents() -> None:
    assert Money(10) + Money(10) + Money(10) == Money(30)
    assert Money(10) * 3 == Money(30)


@pytest.mark.parametrize("cents", [1.0, 0.1, "1", True, None])
def test_money_is_nothing_but_whole_cents(cents: Any) -> None:  # noqa: ANN401 - wrong on purpose
    with pytest.raises(TypeError):
        Money(cents)


def test_money_is_in_euro_and_fits_the_database() -> None:
    with pytest.raises(ValueError, match="EUR"):
        Money(100, "ALL")
    with pytest.raises(ValueError, match="64 bits"):
        Money(2**63)


@given(CENTS, CENTS, CENTS)
def test_no_cent_is_lost_whatever_the_order(a: int, b: int, c: int) -> None:
    assert (Money(a) + Money(b)) + Money(c) == Money(c) + (Money(b) + Money(a))
    assert Money(a) + Money(b) - Money(b) == Money(a)
    assert (Money(a) < Money(b)) == (a < b)
