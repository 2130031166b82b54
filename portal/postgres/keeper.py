"""Keeps one PostgreSQL for as long as somebody uses it: `python -m portal.postgres.keeper DIRECTORY`.

Holds `keeper.lock` while it lives. Starts the server, starts it again when it dies, and stops it once nobody holds
the shared lock on `users.lock`. PostgreSQL gets a fast shutdown from the kernel when the keeper itself is killed.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from portal.postgres.binaries import Binaries, PostgresMissing, find
from portal.postgres.place import Place, UnsafePlace

_NOBODY = 65534
_OWN_NAMESPACE = ("unshare", f"--map-user={_NOBODY}", f"--map-group={_NOBODY}")
_REFUSED_SECONDS = 1.0
_ORPHANS_SECONDS = 2.0
_POSTMASTER_SECONDS = 30.0


class CannotKeep(Exception):  # noqa: N818 - why, as one sentence
    """The server cannot be run here."""


def main() -> int:
    """Keep the server of the directory named on the command line; return 0, or 1 with a sentence in its `failure`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("directory", type=Path)
    parser.add_argument("--programs", type=Path)
    chosen, options = parser.parse_known_args()
    place = Place(chosen.directory)
    lock = place.keeper_lock.open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return 0
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    try:
        Keeper(place, find(chosen.programs, major=place.major()), options).keep()
    except (CannotKeep, PostgresMissing, UnsafePlace, OSError) as error:
        place.failure.write_text(str(error))
        return 1
    return 0


class Keeper:
    """The one owner of a server process."""

    def __init__(self, place: Place, programs: Binaries, options: Sequence[str]) -> None:
        self._place = place
        self._options = options
        self._programs = programs
        self._run_as = _run_as()
        self._over = threading.Event()
        self._server: subprocess.Popen[bytes] | None = None

    def keep(self) -> None:
        """Run the server until its last user has gone; raise CannotKeep when it does not start."""
        forget_the_dead(self._place.data)
        if self._place.major() is None:
            initialise(self._place, self._programs, self._run_as)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._told_to_stop)
        threading.Thread(target=self._wait_for_the_last_user, daemon=True).start()
        while not self._over.is_set():
            self._run_once()

    def stop(self) -> None:
        """Ask PostgreSQL for a fast shutdown: running transactions are undone, what was acknowledged is written."""
        self._over.set()
        if self._server:
            self._server.send_signal(signal.SIGINT)

    def _told_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stop()

    def _run_once(self) -> None:
        began = time.monotonic()
        self._server = _start(self._place, self._programs, self._run_as, self._options)
        if self._over.is_set():
            self._server.send_signal(signal.SIGINT)
        code = self._server.wait()
        refused = code > 0 and time.monotonic() - began < _REFUSED_SECONDS
        if refused and not self._over.is_set():
            raise CannotKeep(f"PostgreSQL did not start: see {self._place.log}.")
        forget_the_dead(self._place.data)

    def _wait_for_the_last_user(self) -> None:
        # Granted only when no user is left. It is held to the end, so a newcomer waits for the stop and starts anew.
        with self._place.users_lock.open("a+") as users:
            fcntl.flock(users, fcntl.LOCK_EX)
            self.stop()
            threading.Event().wait()


def _start(place: Place, programs: Binaries, run_as: Sequence[str], options: Sequence[str]) -> subprocess.Popen[bytes]:
    sockets = place.make_socket_directory()
    command = [
        *run_as,
        *("setpriv", "--pdeathsig", "INT"),
        programs.program("postgres"),
        *("-D", str(place.data)),
        *("-c", "listen_addresses="),
        *("-c", f"unix_socket_directories={sockets}"),
        *("-c", "unix_socket_permissions=0700"),
        *options,
    ]
    with place.log.open("ab") as log:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)  # noqa: S603 - our own command


def initialise(place: Place, programs: Binaries, run_as: Sequence[str]) -> None:
    """Make the data directory, whole or not at all: it gets its name only once it is complete."""
    for abandoned in place.directory.glob("unfinished-*"):
        for left in _working_in(abandoned):
            _signal(left, signal.SIGKILL)
        shutil.rmtree(abandoned, ignore_errors=True)
    unfinished = Path(tempfile.mkdtemp(prefix="unfinished-", dir=place.directory))
    if not place.password.exists():
        _write_secret(place.password, secrets.token_urlsafe(32))
    command = [
        *run_as,
        *("setpriv", "--pdeathsig", "KILL"),
        programs.program("initdb"),
        *("-D", str(unfinished)),
        *("-U", "postgres"),
        *("--auth=scram-sha-256", f"--pwfile={place.password}"),
        *("--encoding=UTF8", *_locale(programs.major)),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    if done.returncode:
        raise CannotKeep(f"PostgreSQL's data could not be made: {done.stderr.strip().splitlines()[-1]}")
    unfinished.rename(place.data)
    _sync(place.directory)


def _locale(major: int) -> tuple[str, ...]:
    # One meaning of upper and lower case everywhere, also of ë and ć; order of names is Python's business.
    builtin_since = 17
    if major >= builtin_since:
        return ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
    return ("--locale=C.UTF-8",)


def forget_the_dead(data: Path) -> None:
    """Make way for a new server: see off what a killed one left, then remove its pid file.

    PostgreSQL refuses to start when the number in `postmaster.pid` belongs to any living process. Whoever works in
    the data directory has it as working directory; when nobody has, the file is stale, whatever number it holds.
    A postmaster that still lives there is given time to end, as its keeper's death told it to; it is never killed.
    """
    began = time.monotonic()
    while left := _working_in(data):
        waited = time.monotonic() - began
        postmaster = _postmaster(data)
        if postmaster in left and waited > _POSTMASTER_SECONDS:
            raise CannotKeep(f"Another PostgreSQL (process {postmaster}) works in {data}: stop it first.")
        if postmaster not in left and waited > _ORPHANS_SECONDS:
            for orphan in left:
                _signal(orphan, signal.SIGQUIT)
        time.sleep(0.01)
    (data / "postmaster.pid").unlink(missing_ok=True)


def _postmaster(data: Path) -> int | None:
    try:
        return int((data / "postmaster.pid").read_text().splitlines()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None


def _working_in(directory: Path) -> list[int]:
    here = str(directory)
    found: list[int] = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                if str((process / "cwd").readlink()) == here:
                    found.append(int(process.name))
            except OSError:
                continue
    return found


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _run_as() -> tuple[str, ...]:
    """Return what to put before a command: PostgreSQL refuses root, so root runs it as nobody in a user namespace.

    Files stay the caller's, and no permission is changed. An ordinary user needs nothing.
    """
    if not sys.platform.startswith("linux") or not shutil.which("setpriv"):
        raise CannotKeep("The embedded PostgreSQL needs Linux with util-linux: set DATABASE_URL.")
    if os.geteuid() != 0:
        return ()
    tried = subprocess.run([*_OWN_NAMESPACE, "true"], capture_output=True, check=False)  # noqa: S603 - our own command
    if tried.returncode:
        raise CannotKeep(
            "PostgreSQL does not run as root, and this machine gives root no user namespace: "
            "set DATABASE_URL, or run as an ordinary user."
        )
    return _OWN_NAMESPACE


def _write_secret(path: Path, secret: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secret)


def _sync(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)


if __name__ == "__main__":
    sys.exit(main())
