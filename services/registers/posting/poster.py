"""Tells a register something over the Government Gateway: signed, by an id under which it is recorded once."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from services.registers.client import Client
from services.registers.message import Message, Proof
from services.registers.posting.errors import NotTaken
from services.registers.posting.posting import REFUSALS, Outcome, Posting
from services.registers.posting.target import TARGETS
from services.registers.record import PersonalNumber, Text
from services.registers.wire import Broken, Response

_RECORDED, _REFUSED = 201, {404, 409, 422}


class Poster:
    """The registers behind one gateway, to be told."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def post(self, posting: Posting, now: datetime) -> Outcome:
        """Return what the register said; raise NotTaken while it has said nothing that can be believed."""
        sent = self._client.sign(self._message(posting))
        try:
            response = await self._client.exchange(sent, {_RECORDED, *_REFUSED}, now)
            return _said(response, posting, sent.proof, now)
        except Broken as failure:
            raise NotTaken(failure.reason) from None
        except TimeoutError:
            raise NotTaken("no answer in time") from None

    def _message(self, posting: Posting) -> Message:
        return Message(
            posting.id,
            TARGETS[posting.target].path,
            self._client.id,
            self._client.id,  # nobody types this: the portal tells it by itself
            posting.subject,
            posting.reference,
            posting.represented,
            body=msgspec.json.encode(posting.body),
        )


class _Data(Struct, frozen=True):
    number: Text | None


class _Receipt(Struct, frozen=True):
    """What a register answers when it has recorded something."""

    register: str
    subject: PersonalNumber
    data: _Data
    recorded_at: Annotated[datetime, Meta(tz=True)]
    message_id: UUID


class _Fault(Struct):
    type: str


_receipts, _faults = msgspec.json.Decoder(_Receipt), msgspec.json.Decoder(_Fault)


def _said(response: Response, posting: Posting, proof: Proof, now: datetime) -> Outcome:
    """Return what a register said about this very message and this very person."""
    if response.status != _RECORDED:
        kind = response.read(_faults).type
        if not kind.startswith("Server.Register."):
            raise Broken(f"status {response.status}")
        return Outcome(now, why=REFUSALS.get(kind, "contradicts"), proof=proof)
    receipt = response.read(_receipts)
    told = (TARGETS[posting.target].register.code, posting.subject, posting.id)
    if (receipt.register, receipt.subject, receipt.message_id) != told:
        raise Broken("answer to another message")
    return Outcome(receipt.recorded_at, receipt.data.number, proof=proof)
