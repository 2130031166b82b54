"""What every register is asked and answers: one shape, whatever it keeps."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import msgspec
from litestar import MediaType, Request, Response, get
from litestar.datastructures import State

from services.registers.sandbox import store, xroad
from services.registers.sandbox.definition import NOTHING_RECORDED, Register, Service, TwoRecords
from services.registers.sandbox.fault import Faults, Kind
from services.registers.sandbox.keyring import Keyring
from services.registers.sandbox.registry import services
from services.registers.sandbox.right.check import refuse_without_right
from services.registers.sandbox.settings import Settings
from services.registers.sandbox.store import Pool

KOSOVO = ZoneInfo("Europe/Belgrade")  # the tz database's zone for Pristina
_STALE = timedelta(days=2)
_OK, _NOT_FOUND, _CONFLICT = 200, 404, 409
_MAINTENANCE = "<!DOCTYPE html><title>503</title><h1>Maintenance</h1>"
TWO_RECORDS = "The register holds two records of this person; its office must say which is right."
Offer = TypeVar("Offer")  # a service, or what a register lets itself be told


@dataclass(frozen=True, slots=True)
class House:
    """What answers need: settings, the database, the keys that sign, and the faults in force."""

    settings: Settings
    pool: Pool
    keyring: Keyring
    faults: Faults


@dataclass(frozen=True, slots=True)
class Call:
    """One request of a client that may make it: to which register, when, and when the answer is signed."""

    house: House
    register: Register
    message: xroad.Message
    now: datetime
    signed_at: datetime

    @property
    def day(self) -> date:
        """Return the day in Kosovo."""
        return self.now.astimezone(KOSOVO).date()

    def said(self, data: object) -> bytes:
        """Return `register`, `subject`, `data`, `recorded_at` (when the register recorded this) and `message_id`."""
        content = {
            "register": self.register.code,
            "subject": self.message.subject,
            "data": data,
            "recorded_at": self.now,
            "message_id": self.message.id,
        }
        return msgspec.json.encode(content)

    def refused(self, status: int, kind: str, sentence: str) -> Response[bytes]:
        """Return the register's own no, signed as its answers are."""
        return self.signed(xroad.body(no(status, kind, sentence)), status)

    def signed(self, body: bytes, status: int) -> Response[bytes]:
        """Return what the register says, with its signature."""
        signature = self.house.keyring.sign(self.register.code, body, self.message.hash, self.signed_at)
        return xroad.answer(self.message, body, status, signature)


Give = Callable[[Call], Awaitable[Response[Any]]]


def no(status: int, kind: str, sentence: str) -> xroad.Fault:
    """Return a register's own no."""
    return xroad.Fault(status, f"Server.Register.{kind}", sentence, in_transit=False)


@get("/r1/{service:path}")
async def ask(request: Request[None, None, State]) -> Response[bytes]:
    """Answer as the register does, or as it does while it is out of order."""
    house: House = request.app.state.house
    now = datetime.now(UTC)
    register, service = offered(request.url.path, services())
    message = xroad.message(request.headers, request.url.path, house.settings.tokens)
    await refuse_without_right(house.settings.access, house.pool, register.code, message, now)
    answered = partial(_answered, service)
    return await given(Call(house, register, message, now, now), answered, of_another=answered)


def offered(path: str, offers: Mapping[str, tuple[Register, Offer]]) -> tuple[Register, Offer]:
    """Return what stands at an address; raise X-Road's own no when it is nothing."""
    identifier = path.removeprefix("/r1/")
    found = offers.get(identifier)
    if found is None:
        raise xroad.Fault(500, "Server.ServerProxy.UnknownService", f"There is no service {identifier[:200]}.")
    return found


async def _answered(service: Service, call: Call) -> Response[bytes]:
    """Return what the register holds of the subject; the read is on its record."""
    async with call.house.pool.acquire() as connection:
        rows = await store.read(connection, call.register, service, call.message, now=call.now, day=call.day)
    if rows is None:
        return call.refused(_NOT_FOUND, "UnknownPerson", "The register has no such person.")
    try:
        data = service.shape(rows, call.day)
    except TwoRecords:
        return call.refused(_CONFLICT, "TwoRecords", TWO_RECORDS)
    return call.signed(call.said(None if data is NOTHING_RECORDED else data), _OK)


async def given(call: Call, give: Give, *, of_another: Give) -> Response[Any]:
    """Give the answer, or what is given while the register is out of order; `of_another` gives another person's."""
    fault = call.house.faults.of(call.register.code, call.now)
    match fault and fault.kind:
        case None:
            return await give(call)
        case Kind.DOWN:
            raise xroad.Fault(500, "Server.ServerProxy.ServiceFailed", "The register does not answer.")
        case Kind.SLOW:
            await asyncio.sleep(fault.seconds if fault else 0)
            return await give(call)
        case Kind.HTML:
            return Response(_MAINTENANCE, media_type=MediaType.HTML, status_code=_OK)
        case Kind.WRONG_PERSON:
            async with call.house.pool.acquire() as connection:
                other = await store.another(connection, call.message.subject)
            return await of_another(replace(call, message=replace(call.message, subject=other)))
        case Kind.STALE_SIGNATURE:
            return await give(replace(call, signed_at=call.now - _STALE))
