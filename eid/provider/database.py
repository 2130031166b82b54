"""How the eID's database is reached, and what it looks like when it is not."""

from __future__ import annotations

import asyncpg

from eid.provider import store
from eid.provider.errors import CannotStart
from eid.provider.settings import Settings

SESSION = {"search_path": "eid", "application_name": "eid"}

# A database that is away: the page says to try again.
LOST = (
    ConnectionError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InterfaceError,
)


async def connect(settings: Settings) -> asyncpg.Connection:
    """Return a connection for a command, to a schema that is there; CannotStart when the database is not."""
    try:
        connection = await asyncpg.connect(settings.database_url, timeout=5, server_settings=SESSION)
        await store.create(connection)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
        raise CannotStart(
            f"The database cannot be used ({type(error).__name__}): set EID_DATABASE_URL or start it."
        ) from error
    return connection
