"""The portal's memory: a pool of connections to PostgreSQL, and the one transaction of a request."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, TypeAlias
from urllib.parse import parse_qs, urlsplit

import asyncpg
import msgspec
from asyncpg.pool import PoolConnectionProxy

from i18n.refusal import Unreachable
from i18n.text import _
from portal.settings import DatabaseSettings

Connection: TypeAlias = asyncpg.Connection | PoolConnectionProxy

COMMAND_SECONDS = 10.0
_CONNECT_SECONDS = 5.0
# PostgreSQL is back a second after a crash, on a busy machine after some: waiting so long hides it from people.
_RETRIES = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2)

# A connection that was there and went away, in the middle of work or before it.
LOST = (
    ConnectionError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    # asyncpg's own state, when the connection falls between two of its messages.
    asyncpg.InternalClientError,
)


class DatabaseUnreachable(Exception):  # noqa: N818 - what is wrong, as one sentence
    """The database did not answer at start; the sentence names DATABASE_URL and never its password."""


class Database:
    """A pool of connections. `connect` is for reading; whatever writes runs in `transaction`."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    @asynccontextmanager
    async def connect(self) -> AsyncGenerator[Connection]:
        """Yield a connection outside any transaction; Unreachable (503) when the database is away."""
        connection = await self._acquire()
        try:
            yield connection
        except LOST as error:
            raise _away() from error
        except asyncpg.InterfaceError as error:
            if _is_gone(connection):
                raise _away() from error
            raise
        finally:
            await self._pool.release(connection)

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Connection]:
        """Yield a connection inside one transaction: committed when the block ends, undone when it raises."""
        async with self.connect() as connection, connection.transaction():
            yield connection

    async def close(self) -> None:
        """Let running work end, then close every connection."""
        await self._pool.close()

    async def _acquire(self) -> PoolConnectionProxy:
        for pause in _RETRIES:
            try:
                # Not by asyncpg's own timeout, which makes a task of every acquire.
                async with asyncio.timeout(_CONNECT_SECONDS):
                    return await self._pool.acquire()
            except TimeoutError as error:
                raise _away() from error
            except (OSError, *LOST):
                await asyncio.sleep(pause)
        raise _away()


@asynccontextmanager
async def opened(settings: DatabaseSettings, *, application: str = "portal") -> AsyncGenerator[Database]:
    """Yield the database of `settings`, closed at the end; raise DatabaseUnreachable when it does not answer."""
    database = await open_database(settings, application=application)
    try:
        yield database
    finally:
        await database.close()


async def open_database(settings: DatabaseSettings, *, application: str = "portal") -> Database:
    """Return the database of `settings`, its pool filled on demand; raise DatabaseUnreachable when it is not there."""
    url = settings.database_url or ""
    with reaching(url):
        pool = await asyncpg.create_pool(
            url,
            min_size=1,
            max_size=settings.pool_size,
            # 0 for a PgBouncer before 1.21, which knows no prepared statements.
            statement_cache_size=settings.statement_cache_size,
            command_timeout=COMMAND_SECONDS,
            timeout=_CONNECT_SECONDS,
            init=speak_json,
            reset=_nothing_to_reset,
            server_settings={"application_name": application},
        )
    return Database(pool)


async def connect_once(url: str, *, application: str = "portal") -> asyncpg.Connection:
    """Return a single connection for a command line; raise DatabaseUnreachable when there is none to be had."""
    with reaching(url):
        connection = await asyncpg.connect(
            url, timeout=_CONNECT_SECONDS, server_settings={"application_name": application}
        )
    await speak_json(connection)
    return connection


async def speak_json(connection: Connection) -> None:
    """Let `jsonb` columns take and give plain Python values."""
    await connection.set_type_codec(
        "jsonb", schema="pg_catalog", format="binary", encoder=_to_jsonb, decoder=_from_jsonb
    )


@contextmanager
def reaching(url: str) -> Generator[None]:
    """Turn whatever stops a first connection into DatabaseUnreachable: one sentence, without the password."""
    try:
        yield
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
        raise DatabaseUnreachable(
            f"The database at {_public(url)} cannot be used ({_reason(error)}): set DATABASE_URL or start it."
        ) from error


async def _nothing_to_reset(_connection: Connection) -> None:
    """Spare the round trip of RESET ALL and UNLISTEN at each release.

    asyncpg itself undoes a transaction left open before it calls this. Our code uses no session state: no SET outside
    a transaction, no LISTEN, temporary table, advisory lock or cursor that outlives one. Whatever needs those
    (the worker's queue, migrations) takes a connection of its own.
    """


_JSONB_VERSION = b"\x01"


def _to_jsonb(value: object) -> bytes:
    return _JSONB_VERSION + msgspec.json.encode(value)


def _from_jsonb(data: bytes) -> Any:  # noqa: ANN401 - JSON may be anything
    return msgspec.json.decode(memoryview(data)[1:])


def _is_gone(connection: PoolConnectionProxy) -> bool:
    try:
        return connection.is_closed()
    except asyncpg.InterfaceError:
        # Once a connection has died, asyncpg takes it from whoever holds it, who may not even ask this.
        return True


def _away() -> Unreachable:
    return Unreachable(
        "database", _("The portal cannot reach its records just now. Nothing was lost: please try again in a minute.")
    )


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return f"no answer within {_CONNECT_SECONDS:.0f} s"
    return str(error).splitlines()[0].rstrip(".") if str(error) else type(error).__name__


def _public(url: str) -> str:
    """Return the address of a database without user and password."""
    try:
        parts = urlsplit(url)
        where = parse_qs(parts.query).get("host", [f"{parts.hostname}:{parts.port or 5432}"])[0]
    except ValueError:
        return "DATABASE_URL"
    return f"{where} ({parts.path.lstrip('/')})"
