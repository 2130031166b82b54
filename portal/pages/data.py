"""My data: who read what the state holds of me, when, why and by which law."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get

from portal.database import Database
from portal.render import render
from portal.session import citizen
from portal.store import Session
from services.registers import tracker

PAGE = 20


@get("/data", guards=[citizen])
async def data(
    request: Request[Any, Any, Any], person: Session, database: Database, after: UUID | None = None
) -> Response[Any]:
    """List every reading of the person's data, newest first."""
    async with database.connect() as connection:
        reads = await tracker.of(connection, person.personal_number, after, PAGE)
    more = reads[-1].id if len(reads) == PAGE else None
    return render(request, "pages/data.html", section="data", reads=reads, more=more)
