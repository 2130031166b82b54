"""My data: who read what the state holds of me, when, why and by which law."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.params import FromQuery

from portal.session import citizen, now
from portal.visit import Visit
from services.registers import tracker
from services.registers.facts import FACTS

PAGE = 20


@get("/data", guards=[citizen])
async def data(request: Visit, after: FromQuery[UUID | None] = None) -> Response[Any]:
    """List every reading of the person's data, newest first."""
    async with request.database.connect() as connection:
        reads = await tracker.of(connection, request.person.personal_number, now(), after, PAGE)
    more = reads[-1].id if len(reads) == PAGE else None
    return request.page("data", section="data", reads=reads, more=more, facts=FACTS)
