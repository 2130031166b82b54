"""What a service costs: a fee in euro cents, and who pays less or nothing because of what a register holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from i18n.text import Wording

Confidence = Literal["A", "B", "C"]  # A official source read, B press or code read, C from memory or a demo value


class Exemption(Struct, frozen=True, forbid_unknown_fields=True):
    """Who pays less than others: the rule over what registers hold, the reason in words, and what is due then."""

    id: str
    rule: str
    label: Wording
    cents: int = 0


class Charge(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", kw_only=True):
    """What every fee has. Of the exemptions the first that holds counts."""

    confidence: Confidence
    note: Wording | None = None
    exemptions: tuple[Exemption, ...] | UnsetType = UNSET  # left out, it changes nothing of a definition kept without

    def usual(self) -> Iterator[int]:
        """Yield every amount in cents that is due without an exemption; the kinds of fee say which."""
        yield from ()

    def amounts(self) -> list[int]:
        """Return every amount in cents that the definition names."""
        return [*self.usual(), *(exemption.cents for exemption in self.exempt())]

    def exempt(self) -> tuple[Exemption, ...]:
        """Return who pays less."""
        return () if isinstance(self.exemptions, UnsetType) else self.exemptions


class FixedFee(Charge, frozen=True, tag="fixed"):
    """The same for everyone; 0 cents is free of charge."""

    cents: int

    def usual(self) -> Iterator[int]:
        """Yield the one amount."""
        yield self.cents


class FeeRow(Struct, frozen=True, forbid_unknown_fields=True):
    """One line of a fee table: the key that the rule gives, what people read, and the amount."""

    key: str
    label: Wording
    cents: int


class TableFee(Charge, frozen=True, tag="table"):
    """The row whose key the CEL expression `by` gives."""

    by: str
    rows: tuple[FeeRow, ...]

    def usual(self) -> Iterator[int]:
        """Yield each row's."""
        yield from (row.cents for row in self.rows)


class MunicipalFee(Charge, frozen=True, tag="municipality"):
    """What the municipality set, whose id the CEL expression `by` gives; `otherwise` where it set nothing."""

    by: str
    cents: dict[str, int]
    otherwise: int

    def usual(self) -> Iterator[int]:
        """Yield each municipality's, and the others'."""
        yield from (*self.cents.values(), self.otherwise)


class RuleFee(Charge, frozen=True, tag="rule"):
    """The cents that the CEL expression `by` gives, from `least` to `most`; `label` says how it is reckoned."""

    by: str
    label: Wording
    least: int
    most: int

    def usual(self) -> Iterator[int]:
        """Yield the bounds."""
        yield from (self.least, self.most)


Fee = FixedFee | TableFee | MunicipalFee | RuleFee
