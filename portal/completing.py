"""The desk where signatures are completed: in the sheet, with all that proves them for years; later, if need be."""

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
from services.applications.application import State
from services.signing import collect, store
from services.signing.signing import Signing

_log = structlog.get_logger("portal.completing")


class Completer:
    """Completes the signatures that people gave. Completing one twice completes it once."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._database = database
        self._signatory = Signatory(settings.tsa_url, settings.trust_root)

    def __enter__(self) -> Self:
        """Return itself, its process started."""
        self._signatory.open()
        return self

    def __exit__(self, *_fault: object) -> None:
        """End the process."""
        self._signatory.close()

    async def complete(self, signature_id: UUID, now: datetime) -> None:
        """Put a signature into its sheet, and let the application go on.

        While a trust service does not answer the signature is kept and this raises Unreachable. Whose certificate was
        revoked meanwhile has not signed: she is told why.
        """
        async with self._database.connect() as connection:
            own = await store.find(connection, signature_id)
            at = await collect.standing(connection, own.application_id, own.personal_number) if own else None
        signing = at.signing if at and at.own.id == signature_id else None
        if at is None or signing is None or signing.prepared is None or signing.value is None:
            return
        if at.application.state is not State.AWAITING_SIGNATURE:
            return
        try:
            pdf = await self._signatory.complete(signing.prepared, signing.value, now)
        except Refused as refused:
            _log.warning("not_signed", code=refused.code, signature_id=str(signature_id))
            async with self._database.transaction() as connection:
                await collect.keep(connection, at, Signing.failed(refused.code, now))
            return
        async with self._database.transaction() as connection:
            await collect.complete(connection, signature_id, pdf, enqueue, now)
