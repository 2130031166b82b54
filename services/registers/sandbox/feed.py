"""What the registers tell without being asked, so that a service may be offered before anyone looks for it.

A birth, a sixteenth and a sixty-fifth birthday, a document that runs out in sixty days, an inspection due in thirty, a
new business: each is told once, under a number that only grows. Told is what happened from thirty days before the
population was made; the same population tells the same events in the same order. `subject` is whom it is for: what
concerns a minor is told to each parent, and says of which child.

Whoever reads a page has read something about each person in it: each register records that in its own log, under the
UUIDv5 of the page's message id with the event's number.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.params import FromQuery, Parameter

from services.registers.sandbox import store, xroad
from services.registers.sandbox.answer import KOSOVO, House
from services.registers.sandbox.keyring import GATEWAY
from services.registers.sandbox.right.check import refuse_without_right
from services.registers.sandbox.settings import EVENTS

BEFORE = timedelta(days=30)
_MOST, _LARGEST = 1000, 2**63 - 1


@get("/events")
async def events(
    request: Request[None, None, State],
    since: FromQuery[Annotated[int, Parameter(ge=0, le=_LARGEST)]] = 0,
    limit: FromQuery[Annotated[int, Parameter(ge=1, le=_MOST)]] = 100,
) -> Response[bytes]:
    """Return the events numbered above `since`, in order; `next` is the number to ask from the next time."""
    house: House = request.app.state.house
    now = datetime.now(UTC)
    path = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
    asked = xroad.feed_message(request.headers, path, EVENTS, house.settings.tokens)
    await refuse_without_right(house.settings.access, house.pool, GATEWAY, asked, now)
    told = await tell(house.pool, asked, since, limit, now)
    body = msgspec.json.encode({"events": told, "next": told[-1]["sequence"] if told else since})
    signature = house.keyring.sign(GATEWAY, body, asked.hash, now)
    headers = {"X-Road-Request-Hash": asked.hash, "X-JWS-Signature": signature}
    return Response(body, media_type="application/json", headers=headers)


async def tell(pool: store.Pool, asked: xroad.Message, since: int, limit: int, now: datetime) -> list[dict[str, Any]]:
    """Return so many events above `since`, after noting down those up to today, and record who was told."""
    async with pool.acquire() as connection:
        await store.note_events(connection, now.astimezone(KOSOVO).date(), BEFORE)
        rows = await store.events(connection, since, limit)
        await store.record_told(connection, asked, rows, now)
    return [{**row, "about": msgspec.Raw(row["about"].encode())} for row in map(dict, rows)]
