"""Reads what registers tell without being asked: signed pages, taken in order and without a gap, whatever they hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

import msgspec
import structlog
from uuid_utils.compat import uuid7

from services.registers import event
from services.registers.client import Client
from services.registers.event import Event, Told
from services.registers.message import Message, Proof
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
    """The registers' feed of events behind the gateway."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def after(self, since: int, now: datetime) -> Batch | None:
        """Return what was told after the number `since`, a page at most.

        None when that is nothing, and when the registers did not answer as agreed: then the log says how, and the same
        number is asked from again.
        """
        us = self._client.id
        sent = self._client.sign(Message(uuid7(), f"/events?since={since}&limit={AT_ONCE}", us, us, subject=None))
        try:
            told = (await self._client.exchange(sent, {_OK}, now)).read(_pages).events
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
        return Batch(since, row[-1].sequence, _understood(row), sent.message.id, sent.proof)


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
