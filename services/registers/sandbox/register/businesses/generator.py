"""What the register of businesses holds of a kin, and how it names what a business does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from services.registers.sandbox.definition import NOTHING_RECORDED, Filled, Row
from services.registers.sandbox.population.firm import Firm, activity_names
from services.registers.sandbox.population.world import World

BUSINESS = (
    "number",
    "name",
    "form",
    "activity",
    "registered_on",
    "closed_on",
    "vat",
    "municipality",
    "settlement",
    "street",
    "house_number",
    "postal_code",
)
MEMBER = ("business", "personal_number", "role", "share_percent", "alone", "since", "until")


def fill(world: World) -> Filled:
    """Return the rows of a kin, by table."""
    return {
        "business": [_business(firm) for firm in world.firms],
        "business_member": [row for firm in world.firms for row in _members(firm)],
    }


def worded(rows: Sequence[Mapping[str, Any]], _day: date) -> object:
    """Return each business with its activity as a code and its name in every language."""
    return [_worded(row) for row in rows]


def worded_one(rows: Sequence[Mapping[str, Any]], _day: date) -> object:
    """Return the one business so, with the people of it, or that there is none."""
    if not rows:
        return NOTHING_RECORDED
    people = {name: msgspec.Raw(rows[0][name].encode()) for name in ("owners", "representatives")}
    return _worded(rows[0]) | people


def _worded(row: Mapping[str, Any]) -> dict[str, Any]:
    return dict(row) | {"activity": {"code": row["activity"], "name": activity_names()[row["activity"]]}}


def _business(firm: Firm) -> Row:
    return (
        firm.number,
        firm.name,
        firm.form,
        firm.activity,
        firm.registered_on,
        firm.closed_on,
        firm.vat,
        firm.seat.municipality,
        firm.seat.settlement,
        firm.seat.street,
        firm.seat.number,
        firm.seat.postal_code,
    )


def _members(firm: Firm) -> list[Row]:
    return [
        (
            firm.number,
            one.person.personal_number,
            one.role,
            one.share,
            one.alone,
            one.since,
            firm.closed_on or one.until,
        )
        for one in firm.members
    ]
