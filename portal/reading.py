"""Reads from the registers what an application needs, and records every reading before anything is done with it.

Once a company is chosen, every question says on whose behalf it is asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from portal.database import Connection
from portal.session import now
from portal.visit import Visit
from services.applications import casework, company, progress
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
    """How needs fared, by whom each is about: a personal number, or a company as X-Road names it.

    About a company the person with the number `asker` was asked for, who acts for it.
    """

    given: dict[str, list[Answer]]
    asker: str

    @property
    def facts(self) -> list[Fact]:
        """What did arrive."""
        return [answer.fact for given in self.given.values() for answer in given if answer.fact]

    @property
    def failure(self) -> Exception | None:
        """Why not all arrived: a register is silent, or holds no such record; None when all is there."""
        return refusal([answer for given in self.given.values() for answer in given])

    def reads(self, reader: Reader, application_id: UUID | None, channel: Channel) -> list[Read]:
        """Return the looks that these were."""
        return [
            read
            for about, given in self.given.items()
            for read in tracker.reads(given, company.asked_of(about, self.asker), reader, application_id, channel)
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
        answers = await _asked(request, needs, draft, company.party(draft, service))
        async with request.database.transaction() as connection:
            draft = await _kept(request, connection, draft, answers)
        if isinstance(answers.failure, NotRecorded):
            raise answers.failure
        asked += needs
    return draft


async def company_anew(request: Visit, service: Service, draft: Application) -> Application:
    """Return the draft with what the register of businesses says at this moment of the company that it is for.

    While that is silent it stays what it said within a day; it is asked again when anyone signs.
    """
    need = progress.representation(service, draft) if draft.state is State.DRAFT else None
    if need is None:
        return draft
    answers = await _asked(request, [need], draft, need.about, anew=True)
    async with request.database.transaction() as connection:
        return await _kept(request, connection, draft, answers)


async def who_acts(request: Visit, service: Service, application: Application) -> Any:  # noqa: ANN401 - JSON
    """Return what the register of businesses tells this person now of the company for which she is to sign.

    It tells nothing (None) to who may not act for it. RegisterUnreachable while it is silent.
    """
    need = progress.representation(service, application)
    if need is None:
        return None
    answers = await _asked(request, [need], application, need.about, anew=True)
    # To the other signers the application has no page of its own, to which the reading could lead.
    own_id = application.id if application.person_id == request.person.person_id else None
    reads = answers.reads(Reader("citizen", request.person.person_id), own_id, "portal")
    async with request.database.transaction() as connection:
        await tracker.record(connection, reads, request.audit_key)
    if answers.failure:
        raise answers.failure
    return answers.facts[0].value


async def ask(  # noqa: PLR0917 - a question is all of this
    registers: Gateway,
    needs: Sequence[Need],
    asker: str,
    application: Application,
    party: str | None,
    now: datetime,
    *,
    anew: bool = False,
) -> Answers:
    """Return how each need fared, all asked at once in the name of the person with the number `asker`.

    `party` is the company that she acts for, if any; `anew`: no answer of a moment ago will do.
    """
    ordered = sorted(needs, key=lambda need: need.about)
    groups = {about: list(group) for about, group in groupby(ordered, key=lambda need: need.about)}

    async def asked(about: str) -> list[Answer]:
        subject, user_id = company.asked_of(about, asker), f"XK{asker}"
        return await registers.ask(
            groups[about], subject, user_id, application.reference, now, about=about, represented=party, anew=anew
        )

    given = await asyncio.gather(*(asked(about) for about in groups))
    return Answers(dict(zip(groups, given, strict=True)), asker)


async def _asked(
    request: Visit, needs: Sequence[Need], application: Application, party: str | None, *, anew: bool = False
) -> Answers:
    registers, asker = request.parties.registers, request.person.personal_number
    return await ask(registers, needs, asker, application, party, now(), anew=anew)


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
