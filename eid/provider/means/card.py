"""The smart card: PIN1 signs in, PIN2 signs. No browser reads one here, so its PINs are typed on our pages (DEMO)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from eid.provider.desk import Desk
from eid.provider.means.code import Pin
from eid.provider.means.trial import Trial, try_means
from eid.provider.store import Connection


async def try_card(  # noqa: PLR0917 - one try is made of this
    connection: Connection, desk: Desk, person_id: UUID, pin: Pin, typed: str, now: datetime
) -> Trial:
    """Return how a try of a PIN of her card went. Commit it whatever it says: wrong tries must be kept."""
    return await try_means(connection, desk, person_id, "card", pin, typed, now)
