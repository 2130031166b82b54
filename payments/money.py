"""Amounts of money: whole cents, exact."""

from __future__ import annotations

from dataclasses import dataclass

CURRENCY = "EUR"
_MOST = 2**63 - 1  # what PostgreSQL's bigint holds


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An exact amount in `cents` of `currency`, always the euro: Kosovo has no other legal tender.

    Raises TypeError for anything but whole cents and ValueError for another currency or an amount beyond 64 bits.
    """

    cents: int
    currency: str = CURRENCY

    def __post_init__(self) -> None:
        if type(self.cents) is not int:
            raise TypeError(f"money is counted in whole cents, not in {type(self.cents).__name__}")
        if abs(self.cents) > _MOST:
            raise ValueError("money is counted in 64 bits")
        if self.currency != CURRENCY:
            raise ValueError(f"money is in {CURRENCY}")

    def __add__(self, other: Money) -> Money:
        return Money(self.cents + other.cents)

    def __sub__(self, other: Money) -> Money:
        return Money(self.cents - other.cents)

    def __mul__(self, times: int) -> Money:
        return Money(self.cents * times)
