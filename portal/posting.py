"""The desk that tells registers what was decided or paid, until each has recorded it or said no."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog

from portal.database import Database
from portal.parties import Parties
from services.registers.posting import delivery, store
from services.registers.posting.errors import NotTaken
from services.registers.seal import AuditKey

_log = structlog.get_logger("portal.posting")


@dataclass(frozen=True, slots=True)
class Courier:
    """Tells registers. Telling one twice is recorded there once, because the message keeps its id."""

    database: Database
    parties: Parties
    audit_key: AuditKey

    async def post(self, posting_id: UUID, now: datetime) -> None:
        """Tell the register, and keep what it says; raises NotTaken while that is nothing: try again later."""
        async with self.database.connect() as connection:
            posting = await store.find(connection, posting_id)
        if posting is None or posting.state != "waiting":
            return
        about = {"posting_id": str(posting_id), "target": posting.target}
        try:
            outcome = await self.parties.poster.post(posting, now)
        except NotTaken as silence:
            _log.warning("register_not_told", reason=silence.reason, **about)
            async with self.database.transaction() as connection:
                await store.tried(connection, posting_id, now)
            raise
        if outcome.why:
            _log.error("register_refused", why=outcome.why, **about)
        async with self.database.transaction() as connection:
            await delivery.settle(connection, posting_id, outcome, self.audit_key)
