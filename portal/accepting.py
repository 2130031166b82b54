"""Accepts an offer: the application that it is of, begun, its facts read, filled in as offered."""

from __future__ import annotations

from portal import reading
from portal.session import now
from portal.visit import Visit
from services.applications import casework
from services.applications.application import Application, State
from services.catalogue.service import Service
from services.offers import offering
from services.offers.errors import Outdated
from services.offers.offer import Standing


async def accepted(request: Visit, offer: Standing, service: Service) -> Application:
    """Return the application, its facts read as far as they are needed now; accepted twice it is begun once.

    The offer counts as accepted with the last of it. What a silent register owes stays owed, as with any application.
    Raises what offering.accept raises; an outdated offer is closed, and what was begun for it thrown away.
    """
    if offer.state == "accepted" and offer.application_id:
        async with request.database.connect() as connection:
            return await casework.find(connection, offer.application_id, request.person.person_id)
    person_id, language = request.person.person_id, request.language
    async with request.database.transaction() as connection:
        draft = await casework.begin(connection, service, person_id, "web", language, (), now())
    draft = await reading.up_to_date(request, service, draft)
    try:
        async with request.database.transaction() as connection:
            filled = await offering.accept(connection, offer.id, request.person, draft, now())
    except Outdated as outdated:
        async with request.database.transaction() as connection:
            await offering.give_up(connection, offer.id, request.person, outdated.draft_id, now())
        raise
    return await reading.up_to_date(request, service, filled) if filled.state is State.DRAFT else filled
