"""Refuses a client what it was given no right to, as X-Road does, and keeps that it tried."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import structlog

from services.registers.sandbox import xroad
from services.registers.sandbox.right import store
from services.registers.sandbox.store import Pool

_log = structlog.get_logger("registers")
Access = Mapping[str, frozenset[str]]  # by client: the services that it may ask, and the feed


async def refuse_without_right(
    access: Access, pool: Pool, register: str, message: xroad.Message, now: datetime
) -> None:
    """Raise X-Road's own no, once the attempt is on record, when the client may not ask this service."""
    if message.service in access.get(message.client, frozenset()):
        return
    _log.warning("access_denied", client=message.client, service=message.service)
    async with pool.acquire() as connection:
        await store.add(connection, register, message, now)
    raise xroad.Fault(500, "Server.ServerProxy.AccessDenied", f"Request is not allowed: SERVICE:{message.service}")
