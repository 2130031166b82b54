"""Going on with a draft as its service is given now, where that changed since the person began."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from litestar import post
from litestar.params import FromPath
from litestar.response import Redirect

from i18n.text import Wording
from portal import reading
from portal.session import citizen, now
from portal.visit import Visit
from services.applications import casework, newer, progress, reuse
from services.applications.application import Application


@post("/applications/{application_id:uuid}/version", guards=[citizen], status_code=303)
async def go_on(request: Visit, application_id: FromPath[UUID]) -> Redirect:
    """Take the draft over into the version that is given now, and show what is left to answer."""
    person_id = request.person.person_id
    async with request.database.transaction() as connection:
        former = await casework.find(connection, application_id, person_id)
        draft = await newer.go_on(connection, application_id, person_id, now())
        service = await casework.service_of(connection, draft)
    draft = await reading.up_to_date(request, service, draft)
    if draft.service_version != former.service_version:  # what was read since may let another answer fit
        async with request.database.transaction() as connection:
            await reuse.fill(connection, draft.id, former.answers, person_id, now())
    return request.to(f"/applications/{application_id}")


def left(draft: Application, at: datetime) -> list[Wording] | None:
    """Return what the newer version would still ask, in words; None where there is no newer one."""
    service = newer.version_of(draft)
    if service is None:
        return None
    return [question.label for question in newer.still_asked(draft, service, progress.day(at))]
