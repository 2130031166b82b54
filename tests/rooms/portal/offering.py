"""Registers that tell something, and a portal that reads it: what tests of offers share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import msgspec

from portal import rounds
from portal.database import Database
from portal.demo.plan import Plan
from portal.parties import Parties
from portal.settings import Settings, names
from services.registers.seal import AuditKey
from tests.rooms.portal.visitor import Visitor

_TOLD = """
    INSERT INTO event (sequence, day, register, kind, subject, key, about)
    SELECT coalesce(max(sequence), 0) + 1, $1, $2, $3, $4, (coalesce(max(sequence), 0) + 1)::text, $5::jsonb FROM event
"""


@dataclass(frozen=True, slots=True)
class Registers:
    """The registers behind the portal of a town, and the round that reads them."""

    town: Plan
    memory: Database

    async def tell(self, kind: str, register: str, subject: str, about: Mapping[str, Any]) -> None:
        """Let a register tell an event of today."""
        await self.read()  # what the day itself has to tell comes first
        owner = await self._owner()
        try:
            written = msgspec.json.encode(about).decode()
            await owner.execute(_TOLD, datetime.now(UTC).date(), register, kind, subject, written)
        finally:
            await owner.close()

    async def read(self) -> None:
        """Read all that was told, as the worker does each minute."""
        told = settings(self.town)
        async with Parties(told) as parties:
            await rounds.read_events(self.memory, parties, AuditKey(told.audit_key), datetime.now(UTC))

    async def plates_of(self, owner: str) -> dict[str, str]:
        """Return the plates of somebody's vehicles, each with the day until which its inspection is valid."""
        connection = await self._owner()
        try:
            rows = await connection.fetch("SELECT plate, inspection_valid_until FROM vehicle WHERE owner = $1", owner)
        finally:
            await connection.close()
        return {row["plate"]: row["inspection_valid_until"].isoformat() for row in rows}

    async def logged(self, table: str) -> set[UUID]:
        """Return the ids under which a register recorded that it told something."""
        connection = await self._owner()
        try:
            rows = await connection.fetch(f"SELECT message_id FROM {table} WHERE service LIKE '%/events'")  # noqa: S608
        finally:
            await connection.close()
        return {row["message_id"] for row in rows}

    async def _owner(self) -> asyncpg.Connection:
        return await asyncpg.connect(self.town.databases["registers"], server_settings={"search_path": "registers"})


def settings(town: Plan) -> Settings:
    """Return the settings of a town's portal."""
    said = town.environment("portal")
    return Settings.model_validate({field: said[name] for field, name in names(Settings).items() if name in said})


async def offer_about(visitor: Visitor, words: str, language: str = "en") -> httpx.Response:
    """Return the page of the one offer in whose sentence these words stand, whatever became of it."""
    page = await visitor.get(f"/{language}/offers")
    items = re.findall(r'applications__item">(.*?)</li>', page.text, re.DOTALL)
    (found,) = [item for item in items if words in item]
    address = re.search(rf"/{language}/offers/[0-9a-f-]{{36}}", found)
    assert address
    return await visitor.get(address[0])
