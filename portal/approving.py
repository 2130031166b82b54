"""The desk where signed batches are completed: the signature in its sheet, then each application decided by itself."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

import structlog

from eid.signature import Signatory
from i18n.refusal import Refused
from portal.database import Database
from portal.queue import enqueue
from portal.settings import Settings
from services.batches import deciding, store
from services.batches.batch import Batch
from services.signing.signing import Signing

_log = structlog.get_logger("portal.approving")


class Approver:
    """Carries out what officers signed. Doing one twice does it once."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._database = database
        self._signatory = Signatory(settings.tsa_url, settings.trust_root)

    def __enter__(self) -> Self:
        """Return itself; its process is started by the first batch."""
        return self

    def __exit__(self, *_fault: object) -> None:
        """End the process."""
        self._signatory.close()

    async def approve(self, batch_id: UUID, now: datetime) -> None:
        """Put the signature into the sheet, then approve one application after another.

        While a trust service does not answer this raises Unreachable, and nothing is decided.
        """
        batch = await self._found(batch_id)
        if batch is not None and batch.signed_at is None:
            batch = await self._completed(batch, now)
        if batch is None or batch.signed_at is None:
            return
        for case in batch.cases:
            async with self._database.transaction() as connection:
                await deciding.approve(connection, batch.id, case, enqueue, now)

    async def _found(self, batch_id: UUID) -> Batch | None:
        async with self._database.connect() as connection:
            return await store.find(connection, batch_id)

    async def _completed(self, batch: Batch, now: datetime) -> Batch | None:
        """Return the batch with the signature in its sheet; as it is when there is none, or it does not hold."""
        signing = batch.signing
        if signing is None or signing.state != "given" or signing.prepared is None or signing.value is None:
            return batch
        try:
            pdf = await self._signatory.complete(signing.prepared, signing.value, now)
        except Refused as refused:
            _log.warning("not_signed", code=refused.code, batch_id=str(batch.id))
            async with self._database.transaction() as connection:
                await deciding.keep(connection, batch, Signing.failed(refused.code, now))
            return None
        async with self._database.transaction() as connection:
            await store.save_signed(connection, batch.id, pdf, now)
        return await self._found(batch.id)
