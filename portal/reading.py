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

    What did arrive is kept. No connection is held while a register is asked.
    """
    needs = progress.needs(service, request.person.personal_number, now(), draft)
    if not needs:
        return draft
    answers = await _ask(request, needs, draft)
    async with request.database.transaction() as connection:
        for about, given in answers.items():
            reader = Reader("citizen", request.person.person_id)
            await tracker.record(connection, tracker.reads(given, about, reader, draft.id, "portal"))
        facts = [answer.fact for given in answers.values() for answer in given if answer.fact]
        draft = await casework.refresh_facts(connection, draft, facts, now())
    if why := refusal([answer for given in answers.values() for answer in given]):
        raise why
    return draft


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
