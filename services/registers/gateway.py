"""Asks the registers for facts over the Government Gateway, by the X-Road message protocol for REST.

A register may refuse, hang, answer late, answer with a web page or with another person's record: each of these costs
its own facts and three seconds at most, and never the other registers' facts or anything that a person typed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx
import msgspec
import structlog
from uuid_utils.compat import uuid7

from services.registers.breaker import Breaker
from services.registers.errors import refusal
from services.registers.facts import FACTS, REGISTERS, Answer, Fact, Needed, Source
from services.registers.record import Envelope, Person

SECONDS = 3.0
# Requests to one register. httpx looks at every open connection for each request: more of them make all slower.
AT_ONCE = 8
_LARGEST_ANSWER = 1_000_000  # bytes
_UNKNOWN_PERSON = "Server.Register.UnknownPerson"

log = structlog.get_logger(__name__)


class Gateway:
    """The registers behind one gateway. `client_id` is ours in X-Road, as `XK/GOV/ASHI/portal`."""

    def __init__(self, base_url: str, token: str, client_id: str, http: httpx.AsyncClient) -> None:
        self._base_url = base_url.rstrip("/")
        self._headers = {
            "Authorization": f"Bearer {token}",
            "X-Road-Client": client_id,
            "Accept": "application/json",
            "Accept-Encoding": "identity",  # a compressed answer could grow beyond every limit
        }
        self._http = http
        self._lines = {code: _Line() for code in REGISTERS}

    async def fetch(
        self,
        needs: Sequence[Needed],
        subject: str,
        asker: str,
        issue: str | None,
        now: datetime,
        *,
        about: str | None = None,
    ) -> list[Fact]:
        """Return the needed facts about `subject` (a personal number), in the order of the needs.

        `asker` is who looks (X-Road-UserId: `XK` and the personal number, or an office), `issue` the application's
        reference. Each fact is `about` the subject's number, or the role given here. Raises RegisterUnreachable or
        NotRecorded; both carry `answers`, because what did arrive must be recorded as read all the same.
        """
        answers = await self.ask(needs, subject, asker, issue, now, about=about)
        if why := refusal(answers):
            raise why
        return [answer.fact for answer in answers if answer.fact]

    async def ask(
        self,
        needs: Sequence[Needed],
        subject: str,
        asker: str,
        issue: str | None,
        now: datetime,
        *,
        about: str | None = None,
    ) -> list[Answer]:
        """Return how each need fared, asked all at once; a register that fails is an answer too, not an exception."""
        headers = self._headers | {"X-Road-UserId": asker, "X-Subject": subject}
        if issue is not None:
            headers["X-Road-Issue"] = issue
        return list(await asyncio.gather(*(self._answer(need, headers, now, about or subject) for need in needs)))

    async def _answer(self, need: Needed, headers: dict[str, str], now: datetime, about: str) -> Answer:
        source, message_id = FACTS[need.name], uuid7()
        line = self._lines[source.register.code]
        try:
            data = await self._data(source, line, headers | {"X-Road-Id": str(message_id)}, now)
        except _Unknown:
            line.breaker.succeeded()
            return Answer(need, message_id, now, "refused")
        except _Failed as failure:
            log.warning("register_failed", register=source.register.code, service=source.service, reason=failure.reason)
            return Answer(need, message_id, now, "unreachable")
        line.breaker.succeeded()
        fact = Fact(need.name, about, data, source.register.code, now, message_id)
        return Answer(need, message_id, now, "ok", fact)

    async def _data(self, source: Source, line: _Line, headers: dict[str, str], now: datetime) -> Any:  # noqa: ANN401
        """Return the fact's value as JSON; raise _Unknown or _Failed."""
        if not line.breaker.admits(now):
            raise _Failed("left alone after failures")
        try:
            async with asyncio.timeout(SECONDS), line.seats:
                response = await self._get(self._base_url + source.path, headers)
            return _checked(response, source, UUID(headers["X-Road-Id"]), headers["X-Subject"])
        except (httpx.HTTPError, TimeoutError) as error:
            line.breaker.failed(now)
            raise _Failed(type(error).__name__) from None
        except _Failed:
            line.breaker.failed(now)
            raise

    async def _get(self, url: str, headers: dict[str, str]) -> _Response:
        """Return the answer. A connection that broke is tried once more: reading changes nothing at the register."""
        try:
            return await self._once(url, headers)
        except httpx.TimeoutException:
            raise
        except httpx.TransportError:
            return await self._once(url, headers)

    async def _once(self, url: str, headers: dict[str, str]) -> _Response:
        body = bytearray()
        async with self._http.stream("GET", url, headers=headers, timeout=SECONDS, follow_redirects=False) as response:
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > _LARGEST_ANSWER:
                    raise _Failed("answer too large")
        return _Response(response.status_code, response.headers, bytes(body))


@dataclass(slots=True)
class _Line:
    """What leads to one register: so many requests at once, and none while it is left alone."""

    seats: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    breaker: Breaker = field(default_factory=Breaker)


@dataclass(frozen=True, slots=True)
class _Response:
    status: int
    headers: httpx.Headers
    body: bytes


class _Unknown(Exception):  # noqa: N818 - an answer
    """The register holds no such person."""


class _Failed(Exception):  # noqa: N818 - told to people as RegisterUnreachable
    """The register did not answer as agreed; `reason` is for the log and never holds what it sent."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _Fault(msgspec.Struct):
    """An error as X-Road writes it."""

    type: str
    message: str
    detail: str


_faults = msgspec.json.Decoder(_Fault)


def _checked(response: _Response, source: Source, message_id: UUID, subject: str) -> Any:  # noqa: ANN401 - JSON
    """Return the data of an answer that is what was asked, about whom it was asked."""
    if not response.headers.get("content-type", "").startswith("application/json"):
        raise _Failed(f"status {response.status}, not JSON")
    try:
        # X-Road-Error would mean that the gateway said it, not the register.
        if response.status == 404 and "x-road-error" not in response.headers:  # noqa: PLR2004 - Not Found
            unknown = _faults.decode(response.body).type == _UNKNOWN_PERSON
            raise _Unknown if unknown else _Failed("status 404")
        if response.status != 200:  # noqa: PLR2004 - OK
            raise _Failed(f"status {response.status}")
        envelope = source.decoder.decode(response.body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _Failed(f"malformed answer ({type(error).__name__})") from None
    _refuse_another(envelope, source, message_id, subject)
    return msgspec.to_builtins(envelope.data)


def _refuse_another(envelope: Envelope[Any], source: Source, message_id: UUID, subject: str) -> None:
    """Refuse the answer to another question, and above all another person's record."""
    if envelope.register != source.register.code or envelope.message_id != message_id:
        raise _Failed("answer to another message")
    named = envelope.data.personal_number if isinstance(envelope.data, Person) else envelope.subject
    if envelope.subject != subject or named != subject:
        raise _Failed("another person's record")
