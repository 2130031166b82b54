"""Who asks, for what, and with which needs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import aiohttp

from i18n.text import Wording
from services.registers.facts import FACTS, Fact, Need
from services.registers.gateway import Gateway

from .conftest import portal_at

ARTA, MILICA, AGIM = "1176042318", "1204583176", "1086354124"
# For registers that sign nothing; real ones sign by their own clock, which the fixture `now` keeps near.
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
WHY = Wording("Për ekstraktin.", "Za izvod.", "For the extract.")
NEEDS = [Need(name, WHY, "Ligji 04/L-003") for name in FACTS]
ADDRESS = [Need("address", WHY, "Ligji 04/L-003")]
PERSON = [Need("person", WHY, "Ligji 04/L-003")]
HOME: dict[str, Any] = {
    "municipality": "peje",
    "settlement": "Pejë",
    "street": "Haxhi Zeka",
    "number": "1",
    "postal_code": "30000",
    "since": "2020-01-31",
}


def to(url: str, http: aiohttp.ClientSession) -> Gateway:
    return Gateway(portal_at(url, http))


async def fetched(gateway: Gateway, needs: list[Need], now: datetime = NOW) -> list[Fact]:
    return await gateway.fetch(needs, ARTA, f"XK{ARTA}", f"A-{uuid4()}", now)
