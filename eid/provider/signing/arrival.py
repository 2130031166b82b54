"""Takes a request for a signature to the page that asks the person; her session at the eID counts for nothing there."""

from __future__ import annotations

from datetime import datetime, timedelta

from uuid_utils.compat import uuid7

from eid.provider.browser import Browser
from eid.provider.errors import Rejection
from eid.provider.request import Authorization
from eid.provider.secret import digest
from eid.provider.signing import store
from eid.provider.store import Connection

_READING_LIVES = timedelta(minutes=10)


async def begin_signing(connection: Connection, request: Authorization, browser: Browser, now: datetime) -> str:
    """Return the address of the page that asks whether she signs, for this browser only."""
    if request.to_sign is None or "none" in request.prompt:
        raise Rejection("interaction_required", "Nobody signs without being asked.")
    name, credential_id = uuid7(), request.to_sign.credential_id
    kept = (name, digest(browser.token), credential_id, request.as_json(), now + _READING_LIVES)
    await store.begin(connection, kept)
    return f"/signature/{name}?language={browser.speaks(request.ui_locales)}"
