"""The desk where documents are made: composed, sealed, kept, and told of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Self
from uuid import UUID

from uuid_utils.compat import uuid7

from eid.seal import Sealer
from i18n.format import moment
from i18n.text import Text, _
from portal.database import Connection, Database
from portal.queue import enqueue
from portal.settings import Settings
from services.applications import casework, decided, progress, sheet
from services.applications import store as applications
from services.applications.application import Application, State
from services.applications.office import store as office
from services.catalogue.service import Service
from services.documents import store as documents
from services.documents.document import REFUSED, Document, digest, mask, new_code, printed, verify_url
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
            said = await _reasons(connection, application)
        await self._receive(application, service, now)
        described = _sheet(application, service, said, self._settings.url, now)
        sealed = await self._sealed(described, service, now)
        async with self._database.transaction() as connection:
            document = _document(service.document.kind, described, application, service, sealed)
            kept = await documents.save(connection, document, sealed)
            await casework.issue(connection, application_id, kept.id, now)
            await inbox.tell(connection, application, "issued", enqueue, now)

    async def refuse(self, application_id: UUID, now: datetime) -> None:
        """Compose and seal the decision that refuses, once, and tell the person of it."""
        async with self._database.connect() as connection:
            application = await applications.any_of(connection, application_id, lock=False)
            if application is None:
                return
            service = await casework.service_of(connection, application)
        kept = await self._refusal(application, service, now) if application.refusal else None
        async with self._database.transaction() as connection:
            if kept:
                await documents.save(connection, *kept)
            await inbox.tell(connection, application, "refused", enqueue, now)

    async def made_anew(
        self, application: Application, service: Service, former: Document, now: datetime
    ) -> tuple[Document, bytes]:
        """Return what is to stand in the place of a `former` document, which it names, sealed and not kept yet."""
        async with self._database.connect() as connection:
            said = await _reasons(connection, application)
        if former.kind.endswith(REFUSED):
            described = _refused(application, service, self._settings.url, now)
        else:
            described = _sheet(application, service, said, self._settings.url, now)
        described = _in_place_of(described, former)
        sealed = await self._sealed(described, service, now)
        return replace(_document(former.kind, described, application, service, sealed), replaces=former.id), sealed

    async def _refusal(self, application: Application, service: Service, now: datetime) -> tuple[Document, bytes]:
        """Return the decision that refuses, sealed."""
        described = _refused(application, service, self._settings.url, now)
        sealed = await self._sealed(described, service, now)
        return _document(service.document.kind + REFUSED, described, application, service, sealed), sealed

    async def _sealed(self, described: Sheet, service: Service, now: datetime) -> bytes:
        return await self._sealer.seal(compose(described, self._settings.assets / "fonts"), service.institution.id, now)

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


async def _reasons(connection: Connection, application: Application) -> list[str]:
    """Return what officers wrote of why they granted it."""
    kinds = {"decision", "appeal_decision"}
    return [one.text for one in await office.messages(connection, application.id) if one.kind in kinds][-1:]


def _sheet(application: Application, service: Service, said: Sequence[str], url: str, now: datetime) -> Sheet:
    """Return what is issued, in the application's language, with a fresh code."""
    language, sent_at = application.language, application.submitted_at or now
    content = sheet.content(application, service, language, progress.day(sent_at), progress.day(now))
    is_decision = content.variant == "decision"
    return replace(
        _frame(content.title, application, service, url, now),
        variant=content.variant,
        sections=tuple(Section(heading, rows) for heading, rows in content.sections),
        note=content.note or "",
        since=content.since,
        until=content.until,
        conditions=content.conditions,
        received=moment(sent_at, language),
        decided=decided.decided(application, service, said, _decided_on(application, now)) if is_decision else None,
        data=content.data,
    )


def _refused(application: Application, service: Service, url: str, now: datetime) -> Sheet:
    """Return the decision that refuses an application, in its language, with a fresh code."""
    title = decided.title(application, service).say(application.language)
    made = decided.decided(application, service, (), _decided_on(application, now))
    return replace(
        _frame(title, application, service, url, now),
        variant="decision",
        sections=(Section(*decided.about(application, service)),),
        decided=made,
        data={"outcome": "refused", "reasons": list(made.reasons)},
    )


def _in_place_of(described: Sheet, former: Document) -> Sheet:
    """Return a sheet that names the document that it replaces, to people and to machines."""
    said = _replacing(former).say(described.language)
    note = "\n".join(each for each in (described.note, said) if each)
    return replace(described, note=note, data={**described.data, "replaces": printed(former.code)})


def _replacing(former: Document) -> Text:
    code = printed(former.code)
    return _("This document replaces the document with the code %(code)s, which is revoked.", code=code)


def _decided_on(application: Application, now: datetime) -> date:
    return progress.day(application.decided_at or now)


def _frame(title: str, application: Application, service: Service, url: str, now: datetime) -> Sheet:
    """Return what every sheet of an application has."""
    code, language = new_code(), application.language
    return Sheet(
        title=title,
        institution=(service.institution.names.say(language),),
        language=language,
        reference=application.reference,
        code=code,
        verify_url=verify_url(url, code),
        issued_at=now,
        sections=(),
        legal_basis="; ".join(basis.cite.say(language) for basis in service.legal_basis),
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
