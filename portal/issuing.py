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
from services.documents import store as documents
from services.documents.document import Document, digest, mask, new_code, verify_url
from services.documents.issue import Section, Sheet, compose
from services.notices import inbox
from services.signing import store as signing


class Desk:
    """Makes the document of an approved application. Making it twice makes it once."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings = settings
        self._database = database
        self._sealer = Sealer(
            settings.seals, settings.tsa_url, settings.trust_root, passphrase=settings.seal_passphrase
        )

    def __enter__(self) -> Self:
        """Return itself, its sealing process started."""
        self._sealer.open()
        return self

    def __exit__(self, *_fault: object) -> None:
        """End the sealing process."""
        self._sealer.close()

    async def issue(self, application_id: UUID, now: datetime) -> None:
        """Compose and seal the document, then keep it, with the application issued and its person told."""
        async with self._database.connect() as connection:
            application = await applications.any_of(connection, application_id, lock=False)
            if application is None or application.state is not State.APPROVED:
                return
            service = await casework.service_of(connection, application)
        await self._receive(application, service, now)
        content = sheet.content(
            application, service, application.language, progress.day(application.submitted_at or now)
        )
        described = _sheet(content, application, service, self._settings.url, now)
        pdf = compose(described, self._settings.assets / "fonts")
        sealed = await self._sealer.seal(pdf, service.institution.id, now)
        async with self._database.transaction() as connection:
            document = _document(content.kind, described, application, service, sealed)
            kept = await documents.save(connection, document, sealed)
            await casework.issue(connection, application_id, kept.id, now)
            await inbox.tell(connection, application, "issued", enqueue, now)

    async def _receive(self, application: Application, service: Service, now: datetime) -> None:
        """Put the institution's seal of receipt on what was signed, beside the signatures, once."""
        async with self._database.connect() as connection:
            signatures = await signing.of_application(connection, application.id)
            is_done = not signatures or await signing.is_received(connection, signatures[0])
            signed = None if is_done else await signing.sheet(connection, signatures[0])
        if signed is None:
            return
        stage, pdf = signed
        received = await self._sealer.receive(pdf, service.institution.id, now)
        async with self._database.transaction() as connection:
            await signing.keep_sheet(connection, signatures[0], stage, received, now, is_received=True)

    async def refuse(self, application_id: UUID, now: datetime) -> None:
        """Tell the person that her application was refused, once."""
        async with self._database.transaction() as connection:
            application = await applications.any_of(connection, application_id, lock=False)
            if application is not None:
                await inbox.tell(connection, application, "refused", enqueue, now)


def _sheet(content: sheet.Content, application: Application, service: Service, url: str, now: datetime) -> Sheet:
    """Return the sheet in the application's language, with a fresh code."""
    code = new_code()
    return Sheet(
        title=content.title,
        institution=(service.institution.names.say(application.language),),
        language=application.language,
        reference=application.reference,
        code=code,
        verify_url=verify_url(url, code),
        issued_at=now,
        sections=tuple(Section(heading, rows) for heading, rows in content.sections),
        note=content.note or "",
        legal_basis="; ".join(content.legal_basis),
        data=content.data,
    )


def _document(kind: str, made: Sheet, application: Application, service: Service, sealed: bytes) -> Document:
    return Document(
        id=uuid7(),
        application_id=application.id,
        code=made.code,
        kind=kind,
        language=application.language,
        institution=service.institution.id,
        reference=application.reference,
        holder_masked=mask(progress.name_of(application, service)),
        sha256=digest(sealed),
        sealed_at=made.issued_at,
    )
