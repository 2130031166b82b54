"""The desk where documents are made: composed, sealed, kept, and told of."""

from __future__ import annotations

from datetime import datetime
from typing import Self
from uuid import UUID

from uuid_utils.compat import uuid7

from eid.seal import Sealer
from portal.database import Database
from portal.queue import enqueue
from portal.settings import Settings
from services.applications import casework, progress, sheet
from services.applications import store as applications
from services.applications.application import Application, State
from services.catalogue.service import Service
from services.documents import document, issue
from services.documents import store as documents
from services.documents.issue import Section, Sheet
from services.notices import inbox


class Desk:
    """Makes the document of an approved application. Making it twice makes it once."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings = settings
        self._database = database
        self._sealer = Sealer(settings.seals, settings.tsa_url, settings.trust_root)

    def __enter__(self) -> Self:
        """Return itself; the sealing processes start with the first document."""
        return self

    def __exit__(self, *_fault: object) -> None:
        """End the sealing processes."""
        self._sealer.close()

    async def issue(self, application_id: UUID, now: datetime) -> None:
        """Compose and seal the document, then keep it, with the application issued and its person told."""
        async with self._database.connect() as connection:
            application = await applications.any_of(connection, application_id, lock=False)
            if application is None or application.state is not State.APPROVED:
                return
            service = await casework.service_of(connection, application)
        made = self._described(application, service, now)
        pdf = await self._sealer.seal(issue.compose(made, self._settings.assets / "fonts"), service.institution.id, now)
        async with self._database.transaction() as connection:
            kept = await documents.save(connection, document.of(uuid7(), application, made, pdf, now), pdf)
            await casework.issue(connection, application_id, kept.id, now)
            await inbox.tell(connection, application_id, application.person_id, "issued", enqueue, now)

    def _described(self, application: Application, service: Service, now: datetime) -> Sheet:
        raise NotImplementedError
