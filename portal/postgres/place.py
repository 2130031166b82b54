"""Names the files of one embedded PostgreSQL, and where its socket is."""

from __future__ import annotations

import hashlib
import os
import socket
import stat
from dataclasses import dataclass
from pathlib import Path

# A Unix socket's path has at most 107 bytes, of which PostgreSQL takes these.
_LONGEST = 107 - len("/.s.PGSQL.5432")
_STATUS_LINE = 8


class UnsafePlace(Exception):  # noqa: N818 - what is unsafe, as one sentence
    """A directory that should be private belongs to somebody else."""


@dataclass(frozen=True, slots=True)
class Place:
    """The private directory of one server. Everything is inside but, where the path is too long for one, its socket."""

    directory: Path

    @property
    def data(self) -> Path:
        """PostgreSQL's data directory; it exists only complete."""
        return self.directory / "data"

    @property
    def password(self) -> Path:
        """The superuser's password, 0600."""
        return self.directory / "password"

    @property
    def log(self) -> Path:
        """What PostgreSQL says."""
        return self.directory / "log"

    @property
    def failure(self) -> Path:
        """The sentence of a keeper that gave up."""
        return self.directory / "failure"

    @property
    def users_lock(self) -> Path:
        """Shared by whoever uses the server."""
        return self.directory / "users.lock"

    @property
    def start_lock(self) -> Path:
        """Held by the user who looks whether there is a keeper, and starts one."""
        return self.directory / "start.lock"

    @property
    def keeper_lock(self) -> Path:
        """Held by the keeper; the file holds its process id."""
        return self.directory / "keeper.lock"

    @property
    def sockets(self) -> Path:
        """The socket's directory: inside, or, where that path is too long, a short private one of this user."""
        inside = self.directory / "socket"
        if len(os.fsencode(inside)) <= _LONGEST:
            return inside
        mark = hashlib.sha256(os.fsencode(self.directory)).hexdigest()[:12]
        return Path(os.environ.get("XDG_RUNTIME_DIR") or "/tmp") / f"portal-{os.getuid()}-{mark}"  # noqa: S108 - checked to be ours

    def make(self) -> None:
        """Make the directory, readable to its owner only."""
        self.directory.mkdir(parents=True, exist_ok=True)
        self.directory.chmod(0o700)

    def make_socket_directory(self) -> Path:
        """Return the socket's directory, made 0700; raise UnsafePlace when somebody else owns it."""
        sockets = self.sockets
        sockets.mkdir(mode=0o700, exist_ok=True)
        found = sockets.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
            raise UnsafePlace(f"{sockets} is not a private directory of yours: remove it, or set XDG_RUNTIME_DIR.")
        return sockets

    def major(self) -> int | None:
        """Return the major version that made the data, or None when there are none yet."""
        try:
            return int((self.data / "PG_VERSION").read_text())
        except FileNotFoundError:
            return None

    def ready(self) -> bool:
        """Return whether the server takes connections: it says so in its pid file, and somebody listens."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        if len(lines) < _STATUS_LINE or lines[_STATUS_LINE - 1].strip() != "ready":
            return False
        with socket.socket(socket.AF_UNIX) as client:
            return client.connect_ex(str(self.sockets / ".s.PGSQL.5432")) == 0
