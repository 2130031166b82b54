"""What anyone may keep to know of revoked documents without asking us: a signed list of the files' digests."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from services.documents import store
from services.documents.store import Connection

FRESH = timedelta(hours=1)  # for so long a list may be taken for the present one


class Entry(msgspec.Struct, frozen=True):
    """A revoked file by its SHA-256: when, on which ground, and the file that replaces it, if any."""

    sha256: str
    revoked_at: datetime
    ground: str | None
    replaced_by: str | None


async def listed(connection: Connection, issuer: str, now: datetime) -> bytes:
    """Return the list as JSON, to be signed: whose it is, when it was made and until when it is fresh (RFC 7519)."""
    rows = await store.revoked(connection)
    entries = [
        Entry(row["sha256"].hex(), row["revoked_at"], row["ground"], row["successor"] and row["successor"].hex())
        for row in rows
    ]
    made = int(now.timestamp())
    said = {"iss": issuer, "iat": made, "exp": made + int(FRESH.total_seconds()), "revoked": entries}
    return msgspec.json.encode(said)
