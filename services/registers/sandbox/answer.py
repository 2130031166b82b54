"""What every register is asked and answers: one shape, whatever it keeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from litestar import Request, Response
from litestar.datastructures import State

from services.registers.sandbox import xroad
from services.registers.sandbox.settings import Settings
from services.registers.sandbox.store import Pool

_KOSOVO = ZoneInfo("Europe/Belgrade")  # the tz database's zone for Pristina


class _NothingRecorded:
    """The person is known, and the register holds nothing of this kind about her."""


NOTHING_RECORDED: Final = _NothingRecorded()


@dataclass(frozen=True, slots=True)
class Asked:
    """One request of a client that may ask, the database to answer from, and the time."""

    message: xroad.Message
    pool: Pool
    now: datetime

    @property
    def day(self) -> date:
        """Return the day in Kosovo."""
        return self.now.astimezone(_KOSOVO).date()


async def asked(request: Request[None, None, State]) -> Asked:
    """Return what is asked; raise xroad.Fault when the headers are not as agreed."""
    settings: Settings = request.app.state.settings
    message = xroad.message(request.headers, request.url.path, settings.tokens)
    return Asked(message, request.app.state.pool, datetime.now(UTC))


def answer(asked: Asked, register: str, data: object) -> Response[bytes]:
    """Return `register`, `subject`, `data`, `recorded_at` (when the register recorded this read) and `message_id`.

    `data` None means that the register does not know the person: 404.
    """
    if data is None:
        fault = xroad.Fault(404, "Server.Register.UnknownPerson", "The register has no such person.", in_transit=False)
        return xroad.refusal(fault)
    content = {
        "register": register,
        "subject": asked.message.subject,
        "data": None if data is NOTHING_RECORDED else data,
        "recorded_at": asked.now,
        "message_id": asked.message.id,
    }
    return xroad.answer(asked.message, content)
