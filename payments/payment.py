"""A payment: what is asked of a person for something, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from i18n.text import Wording
from payments.money import Money


class State(StrEnum):
    """Where a payment stands."""

    PREPARED = "prepared"  # we have it, the provider may not: asked again with the same key, it answers the same
    OPENED = "opened"  # the provider has a page for it; the person may be there now
    PAID = "paid"
    DECLINED = "declined"  # the bank said no; another payment may be prepared
    CANCELLED = "cancelled"  # the person gave up; another payment may be prepared
    EXPIRED = "expired"  # nobody came in time; another payment may be prepared


_ENDS = frozenset({State.PAID, State.DECLINED, State.CANCELLED, State.EXPIRED})
# Money that arrives after the end is still money: only `paid` is final.
LIFE: Mapping[State, frozenset[State]] = {
    State.PREPARED: _ENDS | {State.OPENED},
    State.OPENED: _ENDS,
    State.DECLINED: frozenset({State.PAID}),
    State.CANCELLED: frozenset({State.PAID}),
    State.EXPIRED: frozenset({State.PAID}),
    State.PAID: frozenset(),
}
LIVE = frozenset({State.PREPARED, State.OPENED})


@dataclass(frozen=True, slots=True)
class Payment:
    """One try to pay `amount` for `order_id`; `id` (UUIDv7) is also its idempotency key at the provider.

    An order has at most one live payment. `late` marks money that came after the payment had ended otherwise;
    `surplus` marks money for an order that another payment had paid already: it is owed back.
    """

    id: UUID
    order_id: UUID
    amount: Money
    description: Wording
    state: State
    provider_id: str | None
    pay_url: str | None
    late: bool
    surplus: bool
    created_at: datetime
    opened_at: datetime | None
    settled_at: datetime | None

    @property
    def live(self) -> bool:
        """Whether the person may still pay it."""
        return self.state in LIVE

    def opened(self, provider_id: str, pay_url: str, now: datetime) -> Payment:
        """Return the payment with the provider's name and page for it; an end that is known already stands."""
        state = State.OPENED if self.live else self.state
        return replace(self, state=state, provider_id=provider_id, pay_url=pay_url, opened_at=self.opened_at or now)

    def after(self, outcome: Outcome, now: datetime) -> Payment:
        """Return the payment as `outcome` leaves it: itself when LIFE has no such step (news that is old or twice)."""
        if outcome.state is State.OPENED or outcome.state not in LIFE[self.state]:
            return self
        return replace(
            self,
            state=outcome.state,
            provider_id=outcome.provider_id,
            late=not self.live,
            settled_at=now,
        )

    def fits(self, outcome: Outcome) -> bool:
        """Whether `outcome` speaks of this payment: its id, its amount, and the provider's one name for it."""
        return (
            outcome.payment_id == self.id
            and outcome.amount == self.amount
            and self.provider_id in {None, outcome.provider_id}
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the provider says became of a payment; `state` is opened while nothing has."""

    payment_id: UUID
    provider_id: str
    amount: Money
    state: State

    @property
    def reading(self) -> str:
        """The id of the news when it was read and not sent: the same as often as it is read."""
        return f"read:{self.provider_id}:{self.state}"


@dataclass(frozen=True, slots=True)
class Event:
    """A genuine message of the provider: its `id` is the same however often it is sent."""

    id: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Opened:
    """What the provider calls a payment, and the page where the person pays it."""

    provider_id: str
    pay_url: str
