"""How every register is told something: signed, typed, and taken once, however often the message comes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

import msgspec
from litestar import Request, Response, post
from litestar.datastructures import State

from services.registers.sandbox import xroad
from services.registers.sandbox.answer import TWO_RECORDS, Call, House, given, no, offered
from services.registers.sandbox.definition import Connection, TwoRecords, Unfit, Writing
from services.registers.sandbox.registry import writings
from services.registers.sandbox.right.check import refuse_without_right
from services.registers.sandbox.writing import store

_LARGEST = 8192  # bytes
_CREATED, _NOT_FOUND, _CONFLICT, _UNPROCESSABLE = 201, 404, 409, 422


@dataclass(frozen=True, slots=True)
class _Came:
    """What came of a message: the answer, and whose rows were changed."""

    status: int
    answer: bytes
    concerned: frozenset[str] = frozenset()


@post("/r1/{service:path}", status_code=_CREATED, request_max_body_size=_LARGEST)
async def take(request: Request[None, None, State]) -> Response[bytes]:
    """Take what a client tells, or do as the register does while it is out of order."""
    house: House = request.app.state.house
    now, path, body = datetime.now(UTC), request.url.path, await request.body()
    register, writing = offered(path, writings())
    message = xroad.told(request.headers, path, body, house.settings.tokens)
    await refuse_without_right(house.settings.access, house.pool, register.code, message, now)
    call = Call(house, register, message, now, now)
    return await given(call, partial(_taken, writing, body), of_another=_confirmed)


async def _taken(writing: Writing, body: bytes, call: Call) -> Response[Any]:
    """Answer what came of it, now or when the same message came first."""
    async with call.house.pool.acquire() as connection, connection.transaction():
        known = await store.before(connection, call.message.id)
        if known is not None and known["request_hash"] != call.message.hash:
            return call.refused(_UNPROCESSABLE, "KeyReused", "Another message bore this id.")
        if known is not None:
            return call.signed(known["answer"], known["status"])
        came = await _written(connection, writing, body, call)
        await store.keep(connection, call.register, call.message, came.status, came.answer, came.concerned, call.now)
    return call.signed(came.answer, came.status)


async def _written(connection: Connection, writing: Writing, body: bytes, call: Call) -> _Came:
    subject = call.message.subject
    if not await store.is_known(connection, call.register.code, subject):
        return _refused(_NOT_FOUND, "UnknownPerson", "The register has no such person.")
    try:
        told = msgspec.json.decode(body, type=writing.takes)
        written = await writing.write(connection, subject, told, call.day)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _refused(_UNPROCESSABLE, "Malformed", "This is not what the register takes here.")
    except TwoRecords:
        return _refused(_CONFLICT, "TwoRecords", TWO_RECORDS)
    except Unfit as unfit:
        return _refused(_CONFLICT, unfit.kind, unfit.sentence)
    return _Came(_CREATED, call.said({"number": written.number}), frozenset({subject, *written.others}))


def _refused(status: int, kind: str, sentence: str) -> _Came:
    return _Came(status, xroad.body(no(status, kind, sentence)))


async def _confirmed(call: Call) -> Response[Any]:
    """Confirm what was not written, about somebody else."""
    return call.signed(call.said({"number": None}), _CREATED)
