"""What every act of the eID needs: settings, secret, database, signing keys, pages and limits."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Protocol, TypeAlias

import asyncpg
from litestar.di import NamedDependency

from eid.provider.database import LOST, SESSION
from eid.provider.errors import TooMany
from eid.provider.keystore import opened
from eid.provider.pages import Pages
from eid.provider.pki import passphrase_of
from eid.provider.remote_keys import RemoteKeys
from eid.provider.representation import Representation
from eid.provider.secret import Secret
from eid.provider.settings import Settings
from eid.provider.store import Connection
from eid.provider.tokens import SigningKeys, load_keys
from eid.provider.workbench import Workbench

_KEYS_KNOWN = timedelta(seconds=30)  # a rotation from the command line is noticed after this
_SWEEP_SECONDS = 60


class Area(Protocol):
    """A memory of the eID's that forgets what has expired."""

    async def sweep(self, connection: Connection, now: datetime) -> None:
        """Forget what has expired."""


class Desk:
    """The eID's counter. Open it with `opened`; then `transaction` gives a connection for one act."""

    def __init__(self, settings: Settings, areas: Iterable[Area] = ()) -> None:
        self.settings = settings
        self._areas = tuple(areas)
        self.secret = Secret(settings.secret)
        self.pki = opened(settings.pki, passphrase_of(self.secret))
        self.pages = Pages(settings.assets)
        self.requests = Limit(settings.requests_per_minute)
        self.failures = Limit(settings.failures_per_minute)
        self.remote_keys = RemoteKeys(private=settings.private_clients)
        self.representation = Representation(settings)
        self.workbench = Workbench()
        self._pool: asyncpg.Pool | None = None
        self._keys: tuple[SigningKeys, datetime] | None = None

    @property
    def issuer(self) -> str:
        """The eID's name in every token: its public address."""
        return self.settings.url

    @property
    def lock_lasts(self) -> timedelta:
        """How long three wrong PINs lock a person out."""
        return timedelta(minutes=self.settings.lock_minutes)

    @asynccontextmanager
    async def opened(self) -> AsyncGenerator[Desk]:
        """Connect to the database, and forget there what has expired once a minute."""
        self._pool = await asyncpg.create_pool(
            self.settings.database_url,
            min_size=1,
            max_size=self.settings.pool_size,
            command_timeout=10,
            server_settings=SESSION,
        )
        sweeping = asyncio.create_task(self._sweep())
        try:
            yield self
        finally:
            sweeping.cancel()
            with suppress(asyncio.CancelledError):
                await sweeping
            await self._pool.close()
            self.workbench.close()

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Connection]:
        """Yield a connection inside one transaction: committed when the block ends, undone when it raises."""
        if self._pool is None:
            raise RuntimeError("The desk is not open.")
        async with self._pool.acquire(timeout=5) as connection, connection.transaction():
            yield connection

    async def keys(self, connection: Connection, now: datetime, *, with_rsa: bool = False) -> SigningKeys:
        """Return the signing keys, read anew every half minute; `with_rsa` when they are to sign so."""
        if self._keys is None or now - self._keys[1] > _KEYS_KNOWN:
            self._keys = (await load_keys(connection, self.secret, now), now)
        if with_rsa and self._keys[0].rsa is None:
            self._keys = None  # those made now count once the transaction has ended
            return await load_keys(connection, self.secret, now, with_rsa=True)
        return self._keys[0]

    async def _sweep(self) -> None:
        while True:
            with suppress(*LOST):
                async with self.transaction() as connection:
                    now = datetime.now(UTC)
                    for area in self._areas:
                        await area.sweep(connection, now)
            await asyncio.sleep(_SWEEP_SECONDS)


class Limit:
    """So many times a minute for one address; forgets the longest silent addresses rather than grow."""

    _ADDRESSES = 10_000

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def check(self, address: str, now: datetime) -> None:
        """Raise TooMany when the address has no time left."""
        if self._level(address, now)[0] < 1:
            raise TooMany

    def count(self, address: str, now: datetime) -> None:
        """Take one of the address's times (a token bucket that refills evenly)."""
        left, at = self._level(address, now)
        self._left[address] = (max(0.0, left - 1), at)
        self._left.move_to_end(address)
        if len(self._left) > self._ADDRESSES:
            self._left.popitem(last=False)

    def _level(self, address: str, now: datetime) -> tuple[float, float]:
        at = now.timestamp()
        left, since = self._left.get(address, (float(self._per_minute), at))
        return min(float(self._per_minute), left + max(0.0, at - since) * self._per_minute / 60), at


AtDesk: TypeAlias = NamedDependency[Desk]  # how a handler asks for the desk, and for the time
Now: TypeAlias = NamedDependency[datetime]
