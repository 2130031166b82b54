"""Asks the registers for facts over the Government Gateway, by the X-Road message protocol for REST.

A register may refuse, hang, answer late, answer with a web page or with another person's record: each of these costs
its own facts and three seconds at most, and never the other registers' facts or anything that a person typed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import msgspec
import structlog
from uuid_utils.compat import uuid7

from services.registers.breaker import Breaker
from services.registers.client import Client, Sent
from services.registers.errors import refusal
from services.registers.facts import FACTS, REGISTERS, Answer, Fact, Needed, Source, Why
from services.registers.message import Message
from services.registers.recent import Recent
from services.registers.record import Envelope, Person
from services.registers.wire import SECONDS, Broken, Response

AT_ONCE = 16  # questions to one register
_OK, _REFUSED = 200, {404, 409}
_REFUSALS: Mapping[tuple[int, str], Why] = {
    (404, "Server.Register.UnknownPerson"): "unknown_person",
    (409, "Server.Register.TwoRecords"): "two_records",
}

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, and for what: `asker` is X-Road-UserId (`XK` and the personal number, or an office).

    `issue` is the application's reference, `represented` the company that the asker acts for, as `COM/810123456`;
    `anew`: what was answered a moment ago does not count.
    """

    asker: str
    issue: str | None = None
    represented: str | None = None
    anew: bool = False


class Gateway:
    """The registers behind one gateway, to be asked."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._lines = {code: _Line() for code in REGISTERS}
        self._recent = Recent()

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

        Each fact is `about` the subject's number, or the role given here. Raises RegisterUnreachable or NotRecorded;
        both carry `answers`, because what did arrive must be recorded as read all the same.
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
        represented: str | None = None,
        anew: bool = False,
    ) -> list[Answer]:
        """Return how each need fared, asked all at once; a register that fails is an answer too, not an exception.

        What the same asker had answered for the same application (`issue`) seconds ago is not asked again, but `anew`.
        """
        asking = Asking(asker, issue, represented, anew)
        given = (self._once(need, subject, asking, now, about or subject) for need in needs)
        return list(await asyncio.gather(*given))

    async def _once(self, need: Needed, subject: str, asking: Asking, now: datetime, about: str) -> Answer:
        if asking.issue is None:
            return await self._answer(need, subject, asking, now, about)
        key = (asking.issue, asking.asker, asking.represented or "", subject, need.name)
        if not asking.anew and (known := self._recent.find(key, now)) and known.fact:
            return replace(known, need=need, fact=replace(known.fact, about=about))
        answer = await self._answer(need, subject, asking, now, about)
        self._recent.keep(key, answer)
        return answer

    async def _answer(self, need: Needed, subject: str, asking: Asking, now: datetime, about: str) -> Answer:
        source = FACTS[need.name]
        message = Message(
            uuid7(), source.path, self._client.id, asking.asker, subject, asking.issue, asking.represented
        )
        sent = self._client.sign(message)
        line = self._lines[source.register.code]
        try:
            data = await self._data(sent, source, line, now)
        except _RefusedByRegister as refused:
            line.breaker.succeeded()
            return Answer(need, message.id, now, "refused", proof=sent.proof, why=refused.why)
        except Broken as failure:
            log.warning("register_failed", register=source.register.code, service=source.service, reason=failure.reason)
            is_sent = not isinstance(failure, _NotSent)
            return Answer(need, message.id, now, "unreachable", proof=sent.proof, is_sent=is_sent)
        line.breaker.succeeded()
        fact = Fact(need.name, about, data, source.register.code, now, message.id)
        return Answer(need, message.id, now, "ok", fact, sent.proof)

    async def _data(self, sent: Sent, source: Source, line: _Line, now: datetime) -> Any:  # noqa: ANN401 - JSON
        """Return the fact's value as JSON; raise _RefusedByRegister or Broken."""
        if not line.breaker.admits(now):
            raise _NotSent("left alone after failures")
        seated = False
        try:
            async with asyncio.timeout(SECONDS), line.seats:
                seated = True
                response = await self._client.exchange(sent, {_OK, *_REFUSED}, now)
                return _checked(response, source, sent.message)
        except TimeoutError:
            if not seated:  # our own crowd was in the way: the register did nothing wrong
                raise _NotSent("no seat in time") from None
            line.breaker.failed(now)
            raise Broken("no answer in time") from None
        except Broken:
            line.breaker.failed(now)
            raise


@dataclass(slots=True)
class _Line:
    """What leads to one register: so many requests at once, and none while it is left alone."""

    seats: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    breaker: Breaker = field(default_factory=Breaker)


class _NotSent(Broken):
    """The question never left."""


class _RefusedByRegister(Exception):  # noqa: N818 - an answer
    """The register answered that it cannot say."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why: Why = why


class _Fault(msgspec.Struct):
    """An error as X-Road writes it."""

    type: str
    message: str
    detail: str


_faults = msgspec.json.Decoder(_Fault)


def _checked(response: Response, source: Source, message: Message) -> Any:  # noqa: ANN401 - JSON
    """Return the data of an answer that is what was asked, about whom it was asked."""
    if not response.headers.get("content-type", "").startswith("application/json"):
        raise Broken(f"status {response.status}, not JSON")
    if response.status != _OK:
        why = _REFUSALS.get((response.status, response.read(_faults).type))
        raise _RefusedByRegister(why) if why else Broken(f"status {response.status}")
    envelope = response.read(source.decoder)
    _refuse_another(envelope, source, message)
    return msgspec.to_builtins(envelope.data)


def _refuse_another(envelope: Envelope[Any], source: Source, message: Message) -> None:
    """Refuse the answer to another question, and above all another person's or company's record."""
    if envelope.register != source.register.code or envelope.message_id != message.id:
        raise Broken("answer to another message")
    named = envelope.data.personal_number if isinstance(envelope.data, Person) else envelope.subject
    if envelope.subject != message.subject or named != message.subject:
        raise Broken("another person's record")
    if source.of == "company" and not _is_of_represented(envelope.data, message):
        raise Broken("another company's record")


def _is_of_represented(data: Any, message: Message) -> bool:  # noqa: ANN401 - of the shape that its source has
    """Tell whether what was told of a company, if anything was, is of the one that the asker acts for."""
    return data is None or f"COM/{data.number}" == message.represented
