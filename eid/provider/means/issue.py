"""Gives a person a card or a phone with its PINs and PUK."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from uuid_utils.compat import uuid7

from eid.provider.means import store
from eid.provider.means.code import Code, CodeName, Means, MeansKind
from eid.provider.people import hash_pin
from eid.provider.secret import Secret
from eid.provider.store import Connection

LASTS: Mapping[MeansKind, timedelta] = {"card": timedelta(days=10 * 365), "phone": timedelta(days=3 * 365)}


def demo_codes(pin: str) -> dict[CodeName, str]:
    """Return the codes of the demonstration, which follow from the PIN: 1111 · 11111 · 11111111."""
    return {"pin1": pin, "pin2": pin[0] * 5, "puk": pin[0] * 8}


async def issue(
    connection: Connection,
    person_id: UUID,
    kind: MeansKind,
    codes: Mapping[CodeName, str],
    *,
    secret: Secret,
    now: datetime,
) -> Means:
    """Return a new card or phone of a person; it takes the place of an older one."""
    hashes = await asyncio.gather(*(asyncio.to_thread(hash_pin, typed, secret) for typed in codes.values()))
    means = Means(
        id=uuid7(),
        person_id=person_id,
        kind=kind,
        number=_new_number(kind),
        standing="valid",
        issued_at=now,
        valid_until=now + LASTS[kind],
        codes={name: Code(code_hash, 0) for name, code_hash in zip(codes, hashes, strict=True)},
    )
    if older := await store.find_means(connection, person_id, kind):
        await store.set_standing(connection, older.id, "revoked")
    await store.save_means(connection, means)
    return means


def _new_number(kind: MeansKind) -> str:
    """Return a number as cards bear them; a phone is known by that of its SIM (ITU-T E.118 begins with 89)."""
    digits = "".join(str(secrets.randbelow(10)) for _ in range(15))
    return f"ID{digits[:9]}" if kind == "card" else f"89383{digits[:14]}"
