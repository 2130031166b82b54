"""Reads what registers tell without being asked: signed pages, taken in order and without a gap, whatever they hold."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

import aiohttp
import msgspec
import structlog
from uuid_utils.compat import uuid7

from services.registers import event, wire
from services.registers.event import Event, Told
from services.registers.message import Message, Proof
from services.registers.signature import Signer
from services.registers.trust import Trust
from services.registers.wire import Broken

AT_ONCE = 50  # events of a page
_OK = 200

log = structlog.get_logger(__name__)
_pages = msgspec.json.Decoder(event.Page)


@dataclass(frozen=True, slots=True)
class Batch:
    """What was told after the number `since`, up to `until`: those events of it that we understand, in order.

    `proof` is what is left of the page's message. Each event was read under a message id of its own, the UUIDv5 of the
    page's with the event's number: the registers record it so too.
    """

    since: int
    until: int
    events: tuple[Event, ...]
    message_id: UUID
    proof: Proof

    def message_of(self, told: Event) -> UUID:
        """Return the id under which an event was read."""
        return uuid5(self.message_id, str(told.sequence))


class Feed:
    """The registers' feed of events behind the gateway; the arguments are those of the Gateway."""

    def __init__(
        self,
        base_url: str,
        token: str | Callable[[datetime], str],
        client_id: str,
        http: aiohttp.ClientSession,
        signer: Signer,
        *,
        demand_signatures: bool = False,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._token = token
        self._client_id = client_id
        self._http = http
        self._signer = signer
        self._trust = Trust(base_url, http, demanded=demand_signatures)

    async def after(self, since: int, now: datetime) -> Batch | None:
        """Return what was told after the number `since`, a page at most.

        None when that is nothing, and when the registers did not answer as agreed: then the log says how, and the same
        number is asked from again.
        """
        message = Message(
            uuid7(), f"/events?since={since}&limit={AT_ONCE}", self._client_id, self._client_id, subject=None
        )
        try:
            told, proof = await self._exchanged(message, now)
        except Broken as failure:
            log.warning("feed_failed", reason=failure.reason)
            return None
        except TimeoutError:
            log.warning("feed_failed", reason="no answer in time")
            return None
        row = _unbroken(told, since)
        if not row:
            if told:
                log.warning("feed_failed", reason="nothing that follows")
            return None
        return Batch(since, row[-1].sequence, _understood(row), message.id, proof)

    async def _exchanged(self, message: Message, now: datetime) -> tuple[list[Told], Proof]:
        proof = Proof(message.path, message.hash(), self._signer.detached(message.text()))
        token = self._token if isinstance(self._token, str) else self._token(now)
        headers = message.headers() | {
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "Authorization": f"Bearer {token}",
            "X-JWS-Signature": proof.request_signature,
        }
        response = await wire.get(self._http, self._base_url + message.path, headers)
        if response.status != _OK:
            raise Broken(f"status {response.status}")
        signature = await self._trust.check(message, response, now)
        try:
            page = _pages.decode(response.body)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Broken(f"malformed page ({type(error).__name__})") from None
        answered = hashlib.sha256(response.body).digest()
        return page.events, Proof(
            proof.path, proof.request_hash, proof.request_signature, response.status, answered, signature
        )


def _unbroken(told: Iterable[Told], since: int) -> list[Told]:
    """Return the events that follow on `since` without a gap, each once: what is missing is asked for again."""
    numbered = {one.sequence: one for one in told}
    row: list[Told] = []
    while following := numbered.get(since + len(row) + 1):
        row.append(following)
    return row


def _understood(row: Iterable[Told]) -> tuple[Event, ...]:
    """Return the events that we understand; one that we do not is left aside, and the log tells its number."""
    found: list[Event] = []
    for told in row:
        known = event.understood(told)
        if known is None:
            log.warning("event_unknown", sequence=told.sequence)
        else:
            found.append(known)
    return tuple(found)
