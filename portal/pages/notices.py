"""The person's inbox."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get
from litestar.response import Redirect

from portal.database import Database
from portal.render import render
from portal.session import citizen, now
from portal.store import Session
from services.catalogue.load import catalogue
from services.notices import inbox


@get("/notices", guards=[citizen])
async def notices(
    request: Request[Any, Any, Any], person: Session, database: Database, after: UUID | None = None
) -> Response[Any]:
    """List what the person was told, newest first."""
    async with database.connect() as connection:
        found = await inbox.of(connection, person.person_id, after)
    more = found[-1].id if len(found) == inbox.PAGE else None
    return render(request, "pages/notices.html", section="notices", notices=found, more=more, catalogue=catalogue())


@get("/notices/{notice_id:uuid}", guards=[citizen])
async def read(request: Request[Any, Any, Any], notice_id: UUID, person: Session, database: Database) -> Redirect:
    """Mark a notice as read and show the application that it is about."""
    async with database.transaction() as connection:
        notice = await inbox.read(connection, notice_id, person.person_id, now())
    return Redirect(f"/{request.scope['state']['language']}/applications/{notice.application_id}", status_code=303)
