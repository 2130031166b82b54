"""Reads from the registers what an application needs, and records every reading before anything is done with it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from portal.database import Connection
from portal.session import now
from portal.visit import Visit
from services.applications import casework, progress
from services.applications.application import Application, State
from services.applications.progress import Need
from services.catalogue.service import Service
from services.registers import tracker
from services.registers.errors import NotRecorded, refusal
from services.registers.facts import Answer, Fact, Needed
from services.registers.gateway import Gateway
from services.registers.read import Read
from services.registers.tracker import Channel, Reader


@dataclass(frozen=True, slots=True)
class Answers:
    """How needs fared, by the personal number that each is about."""

    given: dict[str, list[Answer]]

    @property
    def facts(self) -> list[Fact]:
        """What did arrive."""
        return [answer.fact for given in self.given.values() for answer in given if answer.fact]

    @property
    def failure(self) -> Exception | None:
        """Why not all arrived: a register is silent, or holds no such record; None when all is there."""
        return refusal([answer for given in self.given.values() for answer in given])

    def reads(self, reader: Reader, application_id: UUID, channel: Channel) -> list[Read]:
        """Return the looks that these were."""
        return [
            read
            for about, given in self.given.items()
            for read in tracker.reads(given, about, reader, application_id, channel)
        ]


async def up_to_date(request: Visit, service: Service, draft: Application) -> Application:
    """Return the draft with all that is missing or too old read anew, as far as the registers answer.

    What a silent register owes stays owed. What did arrive may tell what else is missing: without children, it is about
    the person herself. What was sent stays as it is. Raises NotRecorded. No connection is held while a register is
    asked.
    """
    if draft.state is not State.DRAFT:
        return draft
    asked: list[Need] = []
    while needs := [need for need in _needs(request, service, draft) if need not in asked]:
        answers = await ask(request.parties.registers, needs, request.person.personal_number, draft, now())
        async with request.database.transaction() as connection:
            draft = await _kept(request, connection, draft, answers)
        if isinstance(answers.failure, NotRecorded):
            raise answers.failure
        asked += needs
    return draft


async def ask(
    registers: Gateway, needs: Sequence[Need], asker: str, application: Application, now: datetime
) -> Answers:
    """Return how each need fared, all asked at once in the name of the person with the number `asker`."""
    ordered = sorted(needs, key=lambda need: need.about)
    groups = {about: list(group) for about, group in groupby(ordered, key=lambda need: need.about)}
    given = await asyncio.gather(
        *(registers.ask(group, about, f"XK{asker}", application.reference, now) for about, group in groups.items())
    )
    return Answers(dict(zip(groups, given, strict=True)))


async def about_herself(request: Visit, needs: Sequence[Needed]) -> list[Answer]:
    """Return how each need about the person herself fared, for no application, every look on record first."""
    person = request.person
    number = person.personal_number
    answers = await request.parties.registers.ask(needs, number, f"XK{number}", None, now())
    reads = tracker.reads(answers, number, Reader("citizen", person.person_id), None, "portal")
    async with request.database.transaction() as connection:
        await tracker.record(connection, reads, request.audit_key)
    return answers


def _needs(request: Visit, service: Service, draft: Application) -> list[Need]:
    return progress.needs(service, request.person.personal_number, now(), draft)


async def _kept(request: Visit, connection: Connection, draft: Application, answers: Answers) -> Application:
    """Return the draft with what was answered, every look on record first."""
    reader = Reader("citizen", request.person.person_id)
    await tracker.record(connection, answers.reads(reader, draft.id, "portal"), request.audit_key)
    return await casework.refresh_facts(connection, draft, answers.facts, now())
