"""The embedded PostgreSQL: private, started once however many come, and nothing acknowledged is ever lost."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import asyncpg
import psutil
import pytest

from portal import postgres
from portal.postgres import PostgresFailed, PostgresMissing, find, own_database, running
from portal.postgres.place import Place
from tests.rooms.portal.embedded import (
    all_of,
    ask,
    backends,
    eventually,
    fetch,
    keepers,
    keepers_and_postmasters,
    mode,
    postmasters,
    query,
)

CHECKOUT = Path(__file__).parents[3]
User = subprocess.Popen[str]
Use = Callable[..., User]

# A process that uses the server of its first argument: says when it has it, counts rows until it is killed.
USER = """
import asyncio, sys
from pathlib import Path
import asyncpg
from portal import postgres

async def write(server):
    while True:
        try:
            connection = await asyncpg.connect(server.url())
            while True:
                row = await connection.fetchval("INSERT INTO promise DEFAULT VALUES RETURNING id")
                print(row, flush=True)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError):
            await asyncio.sleep(0.02)

with postgres.running(Path(sys.argv[1])) as server:
    print("has it", flush=True)
    if sys.argv[2] == "writes":
        asyncio.run(write(server))
    sys.stdin.read()
"""


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Path]:
    """Give a place for a server; whatever still runs there after the test is killed."""
    # pytest's own path is too long for a socket, which is a test of its own below.
    short = Path("/tmp") / f"portal-test-{os.getpid()}-{time.monotonic_ns()}" / "postgres"  # noqa: S108 - removed below
    yield short
    for process in all_of(short):
        with suppress(psutil.NoSuchProcess):
            process.kill()
    shutil.rmtree(short.parent, ignore_errors=True)


@pytest.fixture
def use() -> Iterator[Use]:
    """Give what starts a process that uses a server; all of them are killed after the test."""
    users: list[User] = []

    def start(directory: Path, does: str = "waits", python: Sequence[str] = (sys.executable,)) -> User:
        command = [*python, "-c", USER, str(directory), does]
        users.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
        return users[-1]

    yield start
    for user in users:
        user.kill()
        user.communicate()


def test_it_starts_answers_and_stops_with_its_last_user(directory: Path) -> None:
    with running(directory) as server, running(directory) as the_same:
        assert ask(server, "SELECT 1") == ask(the_same, "SELECT 1") == 1
        assert len(keepers(directory)) == 1
    eventually(lambda: not all_of(directory))
    assert not postgres.in_use(directory)


def test_it_is_private(directory: Path) -> None:
    with running(directory) as server:
        place = server.place
        assert mode(place.directory) == mode(place.sockets) == mode(place.data) == 0o700
        assert mode(place.password) == 0o600
        stranger = server.url().replace(place.password.read_text(), "wrong")
        with pytest.raises(asyncpg.InvalidPasswordError):
            asyncio.run(query(stranger, "SELECT 1"))
        assert ask(server, "SHOW listen_addresses") == ""
        assert ask(server, "SHOW fsync") == "on"


def test_each_party_has_a_database_that_no_other_party_may_enter(directory: Path) -> None:
    with running(directory) as server:
        asyncio.run(own_database(server, "eid"))
        own = asyncio.run(own_database(server, "portal"))
        assert asyncio.run(query(own, "SELECT current_user || ' in ' || current_database()")) == "portal in portal"
        assert asyncio.run(query(own, "SELECT rolsuper FROM pg_roles WHERE rolname = 'portal'")) is False
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            asyncio.run(query(own.replace("/portal?", "/eid?"), "SELECT 1"))
        assert asyncio.run(own_database(server, "portal")) == own


def test_upper_and_lower_case_know_albanian_and_serbian(directory: Path) -> None:
    with running(directory) as server:
        assert ask(server, "SELECT lower('ËÇŠĐĆ')") == "ëçšđć"


def test_data_outlive_the_server(directory: Path) -> None:
    with running(directory) as server:
        ask(server, "CREATE TABLE kept AS SELECT 7 AS seven")
    with running(directory) as server:
        assert ask(server, "SELECT seven FROM kept") == 7


def test_eight_processes_that_start_at_once_share_one_server(directory: Path, use: Use) -> None:
    users = [use(directory) for _ in range(8)]
    assert [_line(user) for user in users] == ["has it"] * 8
    assert len(keepers(directory)) == 1
    assert len(postmasters(directory)) == 1


def test_no_acknowledged_row_is_lost_however_often_anything_is_killed(directory: Path, use: Use) -> None:
    with running(directory) as server:
        ask(server, "CREATE TABLE promise (id bigserial PRIMARY KEY)")
        writer = use(directory, "writes")
        assert _line(writer) == "has it"
        promised: list[int] = []
        reader = threading.Thread(target=_collect, args=(writer, promised))
        reader.start()
        for victims in (postmasters, keepers, postmasters, keepers_and_postmasters, backends, keepers):
            _eventually_grows(promised, by=50)
            killed = victims(directory)
            assert killed
            for process in killed:
                with suppress(psutil.NoSuchProcess):
                    process.kill()
            eventually(lambda gone=killed: not any(process.is_running() for process in gone))
        _eventually_grows(promised, by=50)
        writer.kill()
        reader.join()
        kept = {row["id"] for row in asyncio.run(fetch(server.url(), "SELECT id FROM promise"))}
    assert set(promised) <= kept


def test_kill_9_of_all_users_stops_the_server(directory: Path, use: Use) -> None:
    user = use(directory)
    assert _line(user) == "has it"
    user.kill()
    eventually(lambda: not all_of(directory))
    assert not (directory / "data" / "postmaster.pid").exists()


def test_a_stale_pid_of_a_living_stranger_does_not_stop_it(directory: Path) -> None:
    with running(directory):
        pass
    eventually(lambda: not all_of(directory))
    # PostgreSQL alone would refuse: this process lives, as far as it can see it is another postmaster.
    (directory / "data" / "postmaster.pid").write_text(
        f"{os.getpid()}\n{directory / 'data'}\n0\n5432\n\n\n0 0\nready\n"
    )
    with running(directory) as server:
        assert ask(server, "SELECT 1") == 1


def test_a_first_start_killed_in_the_middle_leaves_no_half_made_data(directory: Path, use: Use) -> None:
    user = use(directory)
    eventually(lambda: any(directory.glob("unfinished-*")))
    user.kill()
    for process in all_of(directory):
        with suppress(psutil.NoSuchProcess):
            process.kill()
    assert not (directory / "data").exists()
    with running(directory) as server:
        assert ask(server, "SELECT 1") == 1
    assert not list(directory.glob("unfinished-*"))


def test_a_long_path_gets_a_short_private_socket(tmp_path: Path) -> None:
    directory = tmp_path / ("long" * 25) / "postgres"
    with running(directory) as server:
        assert not server.place.sockets.is_relative_to(directory)
        assert mode(server.place.sockets) == 0o700
        assert ask(server, "SELECT 1") == 1
    eventually(lambda: not all_of(directory))
    server.place.sockets.rmdir()


def test_a_socket_directory_of_somebody_else_is_refused(tmp_path: Path) -> None:
    directory = tmp_path / ("long" * 25) / "postgres"
    sockets = Place(directory).sockets
    sockets.symlink_to(tmp_path)
    try:
        with pytest.raises(PostgresFailed, match="is not a private directory of yours"), running(directory):
            pass
    finally:
        sockets.unlink()


def test_wrong_programs_are_one_clear_sentence(directory: Path, tmp_path: Path) -> None:
    with pytest.raises(PostgresFailed, match="correct PORTAL_PG_BIN"), running(directory, programs=tmp_path):
        pass
    with pytest.raises(PostgresMissing, match="made by PostgreSQL 12"):
        find(major=12)


@pytest.mark.parametrize("older", [p for p in sorted(Path("/usr/lib/postgresql").glob("*/bin")) if p.is_dir()])
def test_an_older_system_postgresql_serves_when_named(directory: Path, older: Path) -> None:
    with running(directory, programs=older) as server:
        assert str(ask(server, "SHOW server_version")).startswith(older.parent.name)
        assert ask(server, "SELECT lower('ËÇ')") == "ëç"


@pytest.mark.skipif(os.geteuid() != 0, reason="every other test here already runs as an ordinary user")
@pytest.mark.parametrize("become", ["setpriv", "unshare"])
def test_it_runs_for_an_ordinary_user_too(directory: Path, use: Use, become: str) -> None:
    uid = 65534 if become == "setpriv" else 0
    directory.parent.mkdir()
    os.chown(directory.parent, uid, uid)
    user = use(directory, python=_ordinary_python(become))
    assert _line(user) == "has it"
    postmaster, keeper = postmasters(directory)[0], keepers(directory)[0]
    assert postmaster.uids().effective == (directory / "data").stat().st_uid == uid
    assert postmaster.ppid() == keeper.pid
    # Root's server has a namespace of its own. An ordinary user's stays in his.
    assert _user_namespace(postmaster) == _user_namespace(keeper)


def _ordinary_python(become: str) -> list[str]:
    """Return how to run Python as an ordinary user: as nobody, or as root who looks like one from the inside.

    The Python of the environment may lie in root's home, where nobody may not go; the system's own then does.
    """
    if become == "unshare":
        return ["unshare", "--map-user=1000", "--map-group=1000", sys.executable]
    nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    paths = f"PYTHONPATH={CHECKOUT}:{Path(asyncpg.__file__).parents[1]}"
    spawn = "import asyncpg, os, sys; os.posix_spawn(sys.executable, [sys.executable, '-V'], os.environ)"
    for python in (sys.executable, "/usr/bin/python3"):
        command = [*nobody, "env", paths, python]
        if subprocess.run([*command, "-c", spawn], capture_output=True, check=False).returncode == 0:
            return command
    pytest.fail("Nobody may run a Python of this version here: install python3, or run the tests as an ordinary user.")


def _user_namespace(process: psutil.Process) -> str:
    return str(Path(f"/proc/{process.pid}/ns/user").readlink())


def _line(user: User) -> str:
    assert user.stdout is not None
    return user.stdout.readline().strip()


def _collect(writer: User, promised: list[int]) -> None:
    """Note every number that a writer prints to its end; the last line may be cut off by its death."""
    assert writer.stdout is not None
    promised.extend(int(line) for line in writer.stdout if line.endswith("\n"))


def _eventually_grows(promised: list[int], by: int) -> None:
    before = len(promised)
    eventually(lambda: len(promised) >= before + by, seconds=30)
