"""The desk that fetches what a silent register owes an application, until it answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog

from i18n.refusal import Refused
from portal import reading
from portal.database import Database
from portal.parties import Parties
from portal.queue import enqueue
from services.applications import casework, company, progress
from services.applications.application import Application, State
from services.registers import tracker
from services.registers.seal import AuditKey
from services.registers.tracker import Reader
from services.signing import collect
from services.signing import store as signatures

_log = structlog.get_logger("portal.fetching")


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches owed facts. Fetching them twice takes them once."""

    database: Database
    parties: Parties
    audit_key: AuditKey

    async def fetch(self, application_id: UUID, now: datetime) -> None:
        """Ask for all that is owed, and for what that shows to be needed; the application goes on by itself.

        Raises RegisterUnreachable while a register is still silent: try again later. Where a register's answer leaves
        something to do, the application goes back to its person.
        """
        async with self.database.connect() as connection:
            waiting = await casework.any_of(connection, application_id)
            person, _name = await signatures.applicant(connection, waiting.person_id)
        before = None
        while waiting.state is State.AWAITING_FACTS and waiting.facts != before:
            before, waiting = waiting.facts, await self._read(waiting, person, now)

    async def _read(self, waiting: Application, person: str, now: datetime) -> Application:
        """Return the application with what was answered now; as it was when it went back to its person."""
        async with self.database.connect() as connection:
            service = await casework.service_of(connection, waiting)
        needs = progress.needs(service, person, now, waiting)
        party = company.party(waiting, service)
        answers = await reading.ask(self.parties.registers, needs, person, waiting, party, now)
        async with self.database.transaction() as connection:
            looks = answers.reads(Reader("system"), waiting.id, "worker")
            await tracker.record(connection, looks, self.audit_key)
        try:
            async with self.database.transaction() as connection:
                taken = await collect.take_facts(connection, waiting.id, answers.facts, enqueue, now)
            if taken.state is State.AWAITING_FACTS and answers.failure:
                raise answers.failure
        except Refused as refused:
            _log.info("handed_back", code=refused.code, application_id=str(waiting.id))
            async with self.database.transaction() as connection:
                await collect.hand_back(connection, waiting.id, enqueue, now)
            return waiting
        return taken
