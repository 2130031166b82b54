"""Keeps a session alive at an eID that decides itself how long it lives (Estonia's GovSSO does)."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from eid.client import Client
from eid.errors import SignInFailed
from i18n.refusal import Unreachable
from portal import store
from portal.database import Database
from portal.store import Session

_PATIENCE = timedelta(seconds=30)  # so long nobody else asks, and an eID that does not answer is left alone
_log = structlog.get_logger("portal.renewal")


async def renewed(database: Database, eid: Client, session: Session, now: datetime) -> Session | None:
    """Return the session, renewed at the eID when half of its life is over; None when it has ended there.

    When the eID does not answer, the session stays what it was until it expires.
    """
    if session.renew_at is None or session.refresh_token is None or now < session.renew_at:
        return session
    async with database.transaction() as connection:
        if not await store.claim_renewal(connection, session.token_hash, now, _PATIENCE):
            return session
    try:
        id_token, lasts = await eid.renew(session.refresh_token, session.id_token, now)
    except Unreachable as silence:
        _log.warning("session_not_renewed", code=silence.code)
        return session
    except SignInFailed as refusal:
        _log.info("session_ended_by_eid", code=refusal.code)
        async with database.transaction() as connection:
            await store.close_session(connection, session.token_hash)
        return None
    async with database.transaction() as connection:
        await store.renew_session(connection, session.token_hash, id_token, lasts, now)
        return await store.find_session(connection, session.token_hash)
