"""What My eID shows, ready to be written: means, certificates, sessions, and what happened."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from cryptography.x509.oid import NameOID

from eid.provider import store as clients
from eid.provider.account import store
from eid.provider.account.owner import CLIENT_ID, Owner
from eid.provider.account.sentence import LEVELS, MEANS, STATES, device, happened
from eid.provider.means import store as means_store
from eid.provider.means.code import Means, Pin, state_of
from eid.provider.means.sentence import PIN_NAMES
from eid.provider.signing.credential import Credential, credentials_of
from eid.provider.trail import store as trail
from eid.provider.trail.entry import Entry

Shown = dict[str, Any]
_PINS: tuple[Pin, Pin] = ("pin1", "pin2")
_SHOWN_DIGITS = 4


async def means(owner: Owner) -> list[Shown]:
    """Return card and phone, each with its number masked, its validity, and how its PINs stand."""
    found = [await means_store.find_means(owner.connection, owner.person.id, kind) for kind in ("card", "phone")]
    return [_means(owner, one) for one in found if one]


def _means(owner: Owner, one: Means) -> Shown:
    pins = [
        {"name": PIN_NAMES[pin], "state": STATES[state_of(one, pin, owner.now)], "left": one.codes[pin].tries_left}
        for pin in _PINS
    ]
    masked = "•" * (len(one.number) - _SHOWN_DIGITS) + one.number[-_SHOWN_DIGITS:]
    return {"kind": one.kind, "number": masked, "valid_until": one.valid_until, "pins": pins}


async def certificates(owner: Owner) -> list[Shown]:
    """Return every certificate that the person ever had, the one that signs first."""
    found = await credentials_of(owner.connection, owner.person.id)
    return [_certificate(owner, one, is_current=index == 0) for index, one in enumerate(found)]


def _certificate(owner: Owner, one: Credential, *, is_current: bool) -> Shown:
    state = one.state(owner.desk.pki, owner.now)
    issuer = one.certificate.issuer.get_attributes_for_oid(NameOID.COMMON_NAME)
    return {
        "id": one.id,
        "issuer": issuer[0].value if issuer else "",
        "serial": f"{one.serial:x}",
        "valid_until": one.expires_at,
        "state": state if is_current or state != "valid" else "replaced",
        "said": STATES[state if is_current or state != "valid" else "replaced"],
    }


async def sessions(owner: Owner) -> list[Shown]:
    """Return her sessions, this one first."""
    found = await store.sessions(owner.connection, owner.person.id, owner.now)
    names = await _names(owner, [name for one in found for name in one.told])
    shown = [
        {
            "id": one.id,
            "is_this": one.id == owner.session.id,
            "device": device(one.where),
            "network": one.where.network,
            "opened_at": one.opened_at,
            "seen_at": one.seen_at,
            "services": [names[name] for name in one.told if name != CLIENT_ID],
        }
        for one in found
    ]
    return sorted(shown, key=lambda one: not one["is_this"])


async def happenings(owner: Owner, before: UUID | None, limit: int) -> tuple[list[Shown], UUID | None]:
    """Return what happened, newest first, and from where the next page goes on; None when there is none."""
    entries = await trail.of(owner.connection, owner.person.id, before, limit + 1)
    names = await _names(owner, [entry.client_id for entry in entries if entry.client_id])
    shown = [_happening(entry, names) for entry in entries[:limit]]
    return shown, entries[limit - 1].id if len(entries) > limit else None


def _happening(entry: Entry, names: dict[str, Any]) -> Shown:
    details = [
        MEANS.get(entry.means or ""),
        LEVELS.get(entry.acr) if entry.acr else None,
        device(entry.where) if entry.where.network else None,
    ]
    return {
        "at": entry.at,
        "text": happened(entry.event, entry.outcome),
        "service": names[entry.client_id] if entry.client_id else None,
        "details": [detail for detail in details if detail],
        "network": entry.where.network,
        "is_bad": entry.outcome in {"wrong", "locked"},
    }


async def _names(owner: Owner, client_ids: Iterable[str]) -> dict[str, Any]:
    """Return the names of services, each by its id; one that is no longer registered has no other name."""
    found = {name: await clients.find_client(owner.connection, name) for name in {*client_ids}}
    return {name: client.name.say(owner.language) if client else name for name, client in found.items()}
