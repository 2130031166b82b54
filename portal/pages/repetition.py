"""Applying again with the answers of a finished application."""

from __future__ import annotations

from uuid import UUID

from litestar import post
from litestar.params import FromPath
from litestar.response import Redirect

from eid.person import reaches
from portal import reading
from portal.pages.application_form import next_page
from portal.pages.service import named
from portal.session import citizen, now
from portal.visit import Visit
from services.applications import casework, reuse
from services.applications.application import Application
from services.catalogue.service import Service


@post("/applications/{application_id:uuid}/repetition", guards=[citizen], status_code=303)
async def repeat(request: Visit, application_id: FromPath[UUID]) -> Redirect:
    """Open a draft with the answers that still fit; one that is open already keeps its own."""
    async with request.database.connect() as connection:
        former = await reuse.former(connection, application_id, request.person.person_id)
    service = named(former.service_id)
    if not reaches(request.person.acr, service.assurance):
        return request.to(f"/services/{service.id}/start")
    draft = await _filled(request, former, service)
    return request.to(f"/applications/{draft.id}/{next_page(draft, service, now())}")


async def _filled(request: Visit, former: Application, service: Service) -> Application:
    """Return the draft, filled twice: what one answer lets the registers say may let another fit."""
    person_id = request.person.person_id
    async with request.database.transaction() as connection:
        draft = await casework.begin(connection, service, person_id, "web", request.language, (), now())
    for _each in range(2):
        draft = await reading.up_to_date(request, service, draft)
        async with request.database.transaction() as connection:
            draft = await reuse.fill(connection, draft.id, former.answers, person_id, now())
    return await reading.up_to_date(request, service, draft)
