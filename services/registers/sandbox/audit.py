"""Shows an auditor what a register recorded of who asked it, to be held against what the asker recorded.

And of who asked what they may not.
"""

from __future__ import annotations

import hmac
import re
from typing import Annotated, Any

from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.params import FromPath, FromQuery, Parameter

from services.registers.sandbox import store, xroad
from services.registers.sandbox.answer import House
from services.registers.sandbox.keyring import GATEWAY
from services.registers.sandbox.registry import registers
from services.registers.sandbox.right import store as attempts

_MOST, _LARGEST = 5000, 2**63 - 1
_PERSONAL_NUMBER = re.compile(r"[0-9]{10}")
After = FromQuery[Annotated[int, Parameter(ge=0, le=_LARGEST)]]
Limit = FromQuery[Annotated[int, Parameter(ge=1, le=_MOST)]]


@get("/audit/{register:str}/reads")
async def reads(
    request: Request[None, None, State],
    register: FromPath[str],
    after: After = 0,
    limit: Limit = 1000,
) -> Response[dict[str, Any]]:
    """Return a register's own record, by id above `after`; with the header X-Subject, of that person only."""
    house: House = request.app.state.house
    _only_the_auditor(house, request.headers.get("authorization", ""))
    if register not in registers():
        raise xroad.Fault(404, "Client.UnknownRegister", "There is no such register.", in_transit=False)
    subject = _subject(request.headers.get("x-subject"))
    async with house.pool.acquire() as connection:
        rows = await store.reads(connection, registers()[register], after, limit, subject)
    return Response({"register": register, "reads": [dict(row) for row in rows]})


@get("/audit/{register:str}/denied")
async def denials(
    request: Request[None, None, State], register: FromPath[str], after: After = 0, limit: Limit = 1000
) -> Response[dict[str, Any]]:
    """Return who asked a register, or `gateway` for the feed, what they may not; with X-Subject, about that person."""
    house: House = request.app.state.house
    _only_the_auditor(house, request.headers.get("authorization", ""))
    if register not in {*registers(), GATEWAY}:
        raise xroad.Fault(404, "Client.UnknownRegister", "There is no such register.", in_transit=False)
    subject = _subject(request.headers.get("x-subject"))
    async with house.pool.acquire() as connection:
        rows = await attempts.denials(connection, register, after, limit, subject)
    return Response({"register": register, "denied": [dict(row) for row in rows]})


def _only_the_auditor(house: House, authorization: str) -> None:
    token = house.settings.audit_token
    if token is None:
        raise xroad.Fault(404, "Client.NotFound", "There is nothing here.", in_transit=False)
    if not hmac.compare_digest(authorization.encode(), f"Bearer {token.get_secret_value()}".encode()):
        raise xroad.Fault(
            401, "Client.AuthenticationFailed", "The auditor's token is missing or wrong.", in_transit=False
        )


def _subject(value: str | None) -> str | None:
    if value is not None and not _PERSONAL_NUMBER.fullmatch(value):
        raise xroad.Fault(400, "Client.BadRequest", "The header X-Subject is malformed.", in_transit=False)
    return value
