"""A posting: what one register is told because of one application, and whether it has recorded it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct

from i18n.text import Wording
from services.registers.message import Proof

State = Literal["waiting", "recorded", "refused"]
# malformed: what it was to be told lacks something, so it never left, or the register could not read it.
Why = Literal[
    "unknown_person", "two_records", "unknown_thing", "another_owner", "name_taken", "contradicts", "malformed"
]


class Posting(Struct, frozen=True, kw_only=True):
    """One message to one register. Its `id` is the message's in X-Road, by which the register knows it again.

    `target` is a name of TARGETS, `place` that of the definition's lines because of which it is told; `reference` and
    `desk` say in which matter and for which office, `represented` for which company (`COM/810123456`), `body` what.
    `number` is what the register gave it; `why` says why it did not record it. `again`: the one sent in its place.
    """

    id: UUID
    application_id: UUID
    reference: str
    place: int
    desk: str
    target: str
    subject: str
    represented: str | None
    body: dict[str, Any]
    purpose: Wording
    legal_basis: Wording
    state: State
    put_at: datetime
    tries: int = 0
    tried_at: datetime | None = None
    settled_at: datetime | None = None
    number: str | None = None
    why: Why | None = None
    again: UUID | None = None


class Outcome(Struct, frozen=True):
    """What a register said: that it recorded something, under which number, or why it did not; with its proof."""

    at: datetime
    number: str | None = None
    why: Why | None = None
    proof: Proof | None = None


REFUSALS: Mapping[str, Why] = {
    "Server.Register.UnknownPerson": "unknown_person",
    "Server.Register.TwoRecords": "two_records",
    "Server.Register.UnknownThing": "unknown_thing",
    "Server.Register.AnotherOwner": "another_owner",
    "Server.Register.NameTaken": "name_taken",
    "Server.Register.Malformed": "malformed",
}
