"""What every register is asked and answers: one shape, whatever it keeps."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from litestar import MediaType, Request, Response, get
from litestar.datastructures import State

from services.registers.sandbox import store, xroad
from services.registers.sandbox.definition import NOTHING_RECORDED, Register, Service, TwoRecords
from services.registers.sandbox.fault import Fault, Faults, Kind
from services.registers.sandbox.keyring import Keyring
from services.registers.sandbox.registry import services
from services.registers.sandbox.right.check import refuse_without_right
from services.registers.sandbox.settings import Settings
from services.registers.sandbox.store import Pool

KOSOVO = ZoneInfo("Europe/Belgrade")  # the tz database's zone for Pristina
_STALE = timedelta(days=2)
_OK, _NOT_FOUND, _CONFLICT = 200, 404, 409


@dataclass(frozen=True, slots=True)
class House:
    """What answers need: settings, the database, the keys that sign, and the faults in force."""

    settings: Settings
    pool: Pool
    keyring: Keyring
    faults: Faults


@dataclass(frozen=True, slots=True)
class Asked:
    """One request of a client that may ask: of which service of which register, when, and when it is signed."""

    house: House
    register: Register
    service: Service
    message: xroad.Message
    now: datetime
    signed_at: datetime

    @property
    def day(self) -> date:
        """Return the day in Kosovo."""
        return self.now.astimezone(KOSOVO).date()


@get("/r1/{service:path}")
async def ask(request: Request[None, None, State]) -> Response[bytes]:
    """Answer as the register does, or as it does while it is out of order."""
    house: House = request.app.state.house
    now = datetime.now(UTC)
    register, service = _offered(request.url.path)
    message = xroad.message(request.headers, request.url.path, house.settings.tokens)
    await refuse_without_right(house.settings.access, house.pool, register.code, message, now)
    asked = Asked(house, register, service, message, now, now)
    fault = house.faults.of(register.code, now)
    return await (_answered(asked) if fault is None else _out_of_order(asked, fault))


def _offered(path: str) -> tuple[Register, Service]:
    identifier = path.removeprefix("/r1/")
    found = services().get(identifier)
    if found is None:
        raise xroad.Fault(500, "Server.ServerProxy.UnknownService", f"There is no service {identifier[:200]}.")
    return found


async def _answered(asked: Asked) -> Response[bytes]:
    """Return `register`, `subject`, `data`, `recorded_at` (when the register recorded this read) and `message_id`."""
    async with asked.house.pool.acquire() as connection:
        rows = await store.read(connection, asked.register, asked.service, asked.message, now=asked.now, day=asked.day)
    if rows is None:
        return _refused(asked, _NOT_FOUND, "UnknownPerson", "The register has no such person.")
    try:
        data = asked.service.shape(rows, asked.day)
    except TwoRecords:
        sentence = "The register holds two records of this person; its office must say which is right."
        return _refused(asked, _CONFLICT, "TwoRecords", sentence)
    content = {
        "register": asked.register.code,
        "subject": asked.message.subject,
        "data": None if data is NOTHING_RECORDED else data,
        "recorded_at": asked.now,
        "message_id": asked.message.id,
    }
    return _signed(asked, msgspec.json.encode(content), _OK)


def _refused(asked: Asked, status: int, kind: str, sentence: str) -> Response[bytes]:
    """Return the register's own no, signed as its answers are."""
    fault = xroad.Fault(status, f"Server.Register.{kind}", sentence, in_transit=False)
    return _signed(asked, xroad.body(fault), status)


def _signed(asked: Asked, body: bytes, status: int) -> Response[bytes]:
    signature = asked.house.keyring.sign(asked.register.code, body, asked.message.hash, asked.signed_at)
    return xroad.answer(asked.message, body, status, signature)


async def _out_of_order(asked: Asked, fault: Fault) -> Response[Any]:
    match fault.kind:
        case Kind.DOWN:
            raise xroad.Fault(500, "Server.ServerProxy.ServiceFailed", "The register does not answer.")
        case Kind.SLOW:
            await asyncio.sleep(fault.seconds)
            return await _answered(asked)
        case Kind.HTML:
            return Response("<!DOCTYPE html><title>503</title><h1>Maintenance</h1>", media_type=MediaType.HTML)
        case Kind.WRONG_PERSON:
            async with asked.house.pool.acquire() as connection:
                other = await store.another(connection, asked.message.subject)
            return await _answered(replace(asked, message=replace(asked.message, subject=other)))
        case Kind.STALE_SIGNATURE:
            return await _answered(replace(asked, signed_at=asked.now - _STALE))
