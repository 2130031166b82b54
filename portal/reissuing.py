"""The desk where a corrected document is made in the place of one that was revoked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
from msgspec.structs import replace

from portal import reading
from portal.database import Database
from portal.issuing import Desk
from portal.parties import Parties
from portal.queue import enqueue
from services.applications import casework, company, progress
from services.applications.application import Application
from services.applications.progress import Need
from services.catalogue.service import Service
from services.documents import store as documents
from services.documents.document import Document
from services.documents.revocation import store
from services.notices import inbox
from services.registers import tracker
from services.registers.errors import NotRecorded
from services.registers.seal import AuditKey
from services.registers.tracker import Reader
from services.signing import store as signatures

_log = structlog.get_logger("portal.reissuing")


@dataclass(frozen=True, slots=True)
class Reissuer:
    """Makes corrected documents. Making one twice makes it once."""

    desk: Desk
    database: Database
    parties: Parties
    audit_key: AuditKey

    async def reissue(self, proposal_id: UUID, now: datetime) -> None:
        """Compose it of the facts of the decision, or of the same ones read anew; then its person is told.

        Raises RegisterUnreachable where a fact cannot be read anew: try again later. Where a register holds no record
        any more none can be made, and the office reads so.
        """
        async with self.database.connect() as connection:
            proposal = await store.proposal(connection, proposal_id)
            former = await documents.find(connection, proposal.document_id) if proposal else None
        if proposal is None or former is None or proposal.facts is None or former.replaced_by or proposal.failure:
            return
        application, service = await self._of(former)
        try:
            application = await self._read_anew(application, service, now) if proposal.facts == "fresh" else application
        except NotRecorded as gone:
            _log.warning("not_reissued", code=gone.code, proposal_id=str(proposal_id))
            async with self.database.transaction() as connection:
                await store.fail(connection, proposal_id, gone.code)
            return
        document, sealed = await self.desk.made_anew(application, service, former, now)
        async with self.database.transaction() as connection:
            await documents.save(connection, document, sealed)
            await inbox.tell(connection, application, "reissued", enqueue, now)

    async def _of(self, former: Document) -> tuple[Application, Service]:
        async with self.database.connect() as connection:
            application = await casework.any_of(connection, former.application_id)
            return application, await casework.service_of(connection, application)

    async def _read_anew(self, application: Application, service: Service, now: datetime) -> Application:
        """Return the application as its registers tell of it now; every look stands on record first."""
        needed = {need.name: need for need in service.facts}
        needs = [
            Need(fact.name, fact.about, needed[fact.name].purpose, needed[fact.name].legal_basis)
            for fact in application.facts
        ]
        async with self.database.connect() as connection:
            number, _name = await signatures.applicant(connection, application.person_id)
        party = company.party(application, service)
        answers = await reading.ask(self.parties.registers, needs, number, application, party, now, anew=True)
        async with self.database.transaction() as connection:
            await tracker.record(connection, answers.reads(Reader("system"), application.id, "worker"), self.audit_key)
        if answers.failure:
            raise answers.failure
        return replace(application, facts=progress.merged(application.facts, answers.facts))
