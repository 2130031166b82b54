"""Reads from the registers what an application needs, and records every reading before anything is done with it."""

from __future__ import annotations

import asyncio
from itertools import groupby

from portal.session import now
from portal.visit import Visit
from services.applications import casework, progress
from services.applications.application import Application
from services.applications.progress import Need
from services.catalogue.service import Service
from services.registers import tracker
from services.registers.errors import refusal
from services.registers.facts import Answer
from services.registers.tracker import Reader


async def up_to_date(request: Visit, service: Service, draft: Application) -> Application:
    """Return the draft with all that is missing or too old read anew; Unreachable when a register does not answer.

    What did arrive is kept, and may tell what else is missing: without children, it is about the person herself. No
    connection is held while a register is asked.
    """
    asked: list[Need] = []
    while needs := [need for need in _needs(request, service, draft) if need not in asked]:
        answers = await _ask(request, needs, draft)
        draft = await _kept(request, draft, answers)
        if why := refusal([answer for given in answers.values() for answer in given]):
            raise why
        asked += needs
    return draft


def _needs(request: Visit, service: Service, draft: Application) -> list[Need]:
    return progress.needs(service, request.person.personal_number, now(), draft)


async def _kept(request: Visit, draft: Application, answers: dict[str, list[Answer]]) -> Application:
    """Return the draft with what was answered, every look on record first."""
    reader = Reader("citizen", request.person.person_id)
    reads = [
        read for about, given in answers.items() for read in tracker.reads(given, about, reader, draft.id, "portal")
    ]
    facts = [answer.fact for given in answers.values() for answer in given if answer.fact]
    async with request.database.transaction() as connection:
        await tracker.record(connection, reads, request.audit_key)
        return await casework.refresh_facts(connection, draft, facts, now())


async def _ask(request: Visit, needs: list[Need], draft: Application) -> dict[str, list[Answer]]:
    """Return how each need fared, by the personal number that it is about, all asked at once."""
    asker = f"XK{request.person.personal_number}"
    ordered = sorted(needs, key=lambda need: need.about)
    groups = {about: list(group) for about, group in groupby(ordered, key=lambda need: need.about)}
    registers = request.parties.registers
    given = await asyncio.gather(
        *(registers.ask(group, about, asker, draft.reference, now()) for about, group in groups.items())
    )
    return dict(zip(groups, given, strict=True))
