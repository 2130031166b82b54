"""Puts a request on a person's phone. She answers on `/phone`; whoever asked looks with `find_approval`."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from uuid_utils.compat import uuid7

from eid.provider.means import store
from eid.provider.means.code import Pin, State, state_of
from eid.provider.means.request import Approval, Kind, Outcome, outcome
from eid.provider.means.store import find_approval
from eid.provider.store import Connection
from i18n.refusal import Refused
from i18n.text import Sayable, _

__all__ = ["Approval", "Kind", "Outcome", "Pin", "ask_phone", "find_approval", "outcome"]

LIVES = timedelta(seconds=120)
_MOST_WAITING = 20
_UNUSABLE: dict[State, Sayable] = {
    "missing": _("No phone is enrolled for this eID. Use another means, or enrol a phone at a document centre."),
    "locked": _("This PIN of the phone is locked. Unlock it on the phone with the PUK, then try again."),
    "blocked": _("The phone's PUK is used up. Use another means, or enrol a phone anew at a document centre."),
    "expired": _("The phone's eID has expired. Use another means, or enrol a phone anew at a document centre."),
    "suspended": _("The phone's eID is suspended. Use another means, or lift the suspension at a document centre."),
    "revoked": _("The phone's eID is revoked. Use another means, or enrol a phone anew at a document centre."),
}
_BUSY = _("Too many requests wait on this phone. Refuse them there, or wait two minutes and try again.")


async def ask_phone(
    connection: Connection,
    *,
    person_id: UUID,
    client_id: str,
    kind: Kind,
    pin: Pin,
    message: str | None,
    now: datetime,
    lives: timedelta = LIVES,
    browser_hash: bytes | None = None,
    way_back: str | None = None,
) -> Approval:
    """Return a new request that waits on the person's phone; Refused when she has none that can be used.

    `browser_hash`: of the browser that asks; it may open `/phone/requests/{id}` and is led from there to `way_back`.
    """
    state = state_of(await store.find_means(connection, person_id, "phone"), pin, now)
    if state != "valid":
        raise Refused(f"phone_{state}", _UNUSABLE[state])
    if len(await store.waiting(connection, person_id, now)) >= _MOST_WAITING:
        raise Refused("phone_busy", _BUSY)
    approval = Approval(
        id=uuid7(),
        person_id=person_id,
        client_id=client_id,
        kind=kind,
        pin=pin,
        message=message,
        control_code=f"{secrets.randbelow(10_000):04}",
        state="pending",
        created_at=now,
        expires_at=now + lives,
        answered_at=None,
        browser_hash=browser_hash,
        way_back=way_back,
    )
    await store.save_approval(connection, approval)
    return approval
