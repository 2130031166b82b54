"""What a user of the embedded PostgreSQL does: `with running(directory) as server: server.url("name")`."""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import os
import select
import sys
import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import quote

import asyncpg

from portal.postgres.place import Place

_START_SECONDS = 60.0
_SUPERUSER = "postgres"


class PostgresFailed(Exception):  # noqa: N818 - why, as one sentence
    """The embedded PostgreSQL could not be started."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; it runs for as long as the `running` block that gave it."""

    place: Place

    def url(self, database: str = _SUPERUSER, role: str = _SUPERUSER) -> str:
        """Return the address of a database, with the password of `role`."""
        password = self.password(role)
        return f"postgresql://{role}:{password}@/{database}?host={quote(str(self.place.sockets), safe='')}"

    def password(self, role: str) -> str:
        """Return a role's password: the superuser's own, or one derived from it, so that none needs keeping."""
        superuser = self.place.password.read_text()
        if role == _SUPERUSER:
            return superuser
        return hmac.new(superuser.encode(), role.encode(), hashlib.sha256).hexdigest()


@contextmanager
def running(directory: Path, *, programs: Path | None = None, options: Sequence[str] = ()) -> Generator[Server]:
    """Yield the server of `directory`, started when it was not, and watched: whatever dies is started again.

    `programs` is a directory of PostgreSQL's programs to prefer, `options` are its own (`-c name=value`); both count
    for whoever starts it. Raises PostgresFailed with one sentence.
    """
    options = (*(("--programs", str(programs)) if programs else ()), *options)
    place = Place(directory.resolve())
    place.make()
    with place.users_lock.open("a+") as users:
        # Waits here while a keeper whose last user has gone stops the server.
        fcntl.flock(users, fcntl.LOCK_SH)
        keeper = ensure(place, options)
        leaving, left = os.pipe()
        watcher = threading.Thread(target=_watch, args=(place, options, keeper, leaving), daemon=True)
        watcher.start()
        try:
            yield Server(place)
        finally:
            os.close(left)
            watcher.join()
            os.close(leaving)


def in_use(directory: Path) -> bool:
    """Return whether a keeper runs the server of `directory` now."""
    place = Place(directory.resolve())
    return place.keeper_lock.exists() and _living_keeper(place) is not None


async def own_database(server: Server, name: str) -> str:
    """Return the address of a database with an owner of the same name, both made when absent; no other may enter."""
    connection = await asyncpg.connect(server.url())
    try:
        if not await connection.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", name):
            await connection.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{server.password(name)}'")
        if not await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", name):
            await connection.execute(f"CREATE DATABASE {name} OWNER {name}")
            await connection.execute(f"REVOKE ALL ON DATABASE {name} FROM public")
    finally:
        await connection.close()
    return server.url(name, name)


def ensure(place: Place, options: Sequence[str] = ()) -> int:
    """Return the process id of the keeper once its server takes connections; start both when they are not there."""
    deadline = time.monotonic() + _START_SECONDS
    with place.start_lock.open("a+") as start:
        # One at a time, so that a glance at the keeper's lock never stands in the way of a keeper that takes it.
        fcntl.flock(start, fcntl.LOCK_EX)
        while time.monotonic() < deadline:
            found = _living_keeper(place)
            keeper = found or _start_keeper(place, options)
            lives = partial(_living_keeper, place) if found else partial(_still_runs, keeper)
            if _became_ready(place, lives, deadline):
                return keeper
            if place.failure.exists():
                raise PostgresFailed(place.failure.read_text())
    raise PostgresFailed(f"PostgreSQL did not start within {_START_SECONDS:.0f} s: see {place.log}.")


def _became_ready(place: Place, keeper_lives: Callable[[], object], deadline: float) -> bool:
    while time.monotonic() < deadline and keeper_lives():
        if place.ready():
            return True
        time.sleep(0.01)
    return False


def _living_keeper(place: Place) -> int | None:
    with place.keeper_lock.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            return int(lock.read() or 0) or None
    return None


def _start_keeper(place: Place, options: Sequence[str]) -> int:
    place.failure.unlink(missing_ok=True)
    log = str(place.log)
    return os.posix_spawn(
        sys.executable,
        [sys.executable, "-m", "portal.postgres.keeper", str(place.directory), *options],
        os.environ,
        setsid=True,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
    )


def _still_runs(child: int) -> bool:
    try:
        return os.waitpid(child, os.WNOHANG) == (0, 0)
    except ChildProcessError:
        return False


def _watch(place: Place, options: Sequence[str], keeper: int, leaving: int) -> None:
    """Wait for the keeper's death and start another, until the write end of `leaving` is closed."""
    while not _left(leaving, _death_of(keeper)):
        # A child of ours that ended is to be laid to rest.
        _still_runs(keeper)
        try:
            keeper = ensure(place, options)
        except PostgresFailed:
            # PostgreSQL's log says why, and so does whoever needs the database. The next try is a moment later.
            if _left(leaving, None, milliseconds=1000):
                return


def _death_of(pid: int) -> int | None:
    """Return a handle that becomes readable when the process ends; None when it has ended."""
    try:
        return os.pidfd_open(pid)
    except ProcessLookupError:
        return None


def _left(leaving: int, death: int | None, *, milliseconds: int | None = None) -> bool:
    """Return whether the user leaves, once she does or the death behind the other handle comes first."""
    poll = select.poll()
    poll.register(leaving, select.POLLHUP)
    if death is None:
        return bool(poll.poll(milliseconds or 0))
    poll.register(death, select.POLLIN)
    try:
        return leaving in {descriptor for descriptor, _ in poll.poll(milliseconds)}
    finally:
        os.close(death)
