"""The person's inbox."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from portal.session import citizen, now
from portal.visit import Visit
from services.catalogue.load import catalogue
from services.notices import inbox


@get("/notices", guards=[citizen])
async def notices(request: Visit, after: FromQuery[UUID | None] = None) -> Response[Any]:
    """List what the person was told, newest first."""
    async with request.database.connect() as connection:
        found = await inbox.of(connection, request.person.person_id, after)
    more = found[-1].id if len(found) == inbox.PAGE else None
    return request.page("notices", section="notices", notices=found, more=more, catalogue=catalogue())


@get("/notices/{notice_id:uuid}", guards=[citizen])
async def read(request: Visit, notice_id: FromPath[UUID]) -> Redirect:
    """Mark a notice as read and show the application that it is about."""
    async with request.database.transaction() as connection:
        notice = await inbox.read(connection, notice_id, request.person.person_id, now())
    return request.to(notice.page)
