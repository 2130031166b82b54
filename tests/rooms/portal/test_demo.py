"""One command starts everything, heals what dies, and leaves nothing behind."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import psutil
import pytest

from portal.demo.table import PEOPLE
from tests.parties import Demo, demo_settings, start_demo

PORTAL = [sys.executable, "-m", "portal"]


@pytest.fixture(scope="module")
def directory() -> Iterator[Path]:
    """Give a short private place for a demo of these tests alone: they kill its parts."""
    place = Path(tempfile.mkdtemp(prefix="portal-demo-"))
    yield place
    shutil.rmtree(place, ignore_errors=True)


@pytest.fixture(scope="module")
def house(directory: Path, assets: Path) -> Iterator[Demo]:
    demo = start_demo(demo_settings(directory, portal_assets=assets))
    yield demo
    if demo.process.poll() is None:
        demo.process.kill()


def test_a_newcomer_reads_one_short_table(house: Demo) -> None:
    said = house.said.read_text()
    assert all(address in said for address in house.addresses.values())
    assert all(f"{name:<18}{pin}" in said for name, pin, _ in PEOPLE)
    assert str(house.mail) in said
    assert max(map(len, said.splitlines())) <= 100
    assert len(said.splitlines()) <= 30


def test_every_party_answers(house: Demo) -> None:
    for address in house.addresses.values():
        assert httpx.get(f"{address}/health/ready").status_code == 200
    assert "portal_requests" in httpx.get(f"http://localhost:{house.settings.portal_metrics_port}/metrics").text


def test_what_it_keeps_is_private(house: Demo, directory: Path) -> None:
    assert directory.stat().st_mode & 0o777 == 0o700
    secrets = list((directory / "secrets").iterdir())
    assert secrets
    assert {secret.stat().st_mode & 0o777 for secret in secrets} == {0o600}


def test_each_party_sees_its_own_secrets_only(house: Demo, directory: Path) -> None:
    key = (directory / "secrets" / "PORTAL_SECRET").read_text()
    for process in _children(house):
        theirs = process.environ()
        is_portal = "portal" in process.cmdline()
        assert (key in theirs.values()) == is_portal
        assert any(name.startswith("EID_SECRET") for name in theirs) == ("eid.provider" in process.cmdline())


@pytest.mark.parametrize("name", ["registers", "payments", "eid", "portal", "worker"])
def test_a_killed_party_is_started_again_and_said_so(house: Demo, name: str) -> None:
    victim = _child(house, name)
    victim.kill()
    _eventually(lambda: (new := _find(house, name)) is not None and new.pid != victim.pid)
    if name != "worker":
        _eventually(lambda: _answers(house.addresses[name]))
    assert f"{name} ended (killed by SIGKILL) and is started again" in house.said.read_text()


def test_a_killed_postgresql_is_started_again(house: Demo, directory: Path) -> None:
    postmaster = int((directory / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGKILL)
    _eventually(lambda: not psutil.pid_exists(postmaster))
    _eventually(lambda: all(_answers(address) for address in house.addresses.values()))


def test_a_second_demo_in_the_same_place_is_one_sentence(house: Demo, directory: Path) -> None:
    sentence = f"The demo already runs in {directory}: stop it first (Ctrl-C)."
    assert _refusal("demo", DEMO_DIRECTORY=str(directory)) == sentence
    assert _refusal("demo", "--reset", DEMO_DIRECTORY=str(directory)) == sentence
    assert (directory / "postgres" / "data").exists()


def test_a_busy_port_is_one_sentence_that_names_its_setting(house: Demo, tmp_path: Path) -> None:
    busy = str(house.settings.eid_port)
    free = {name: str(port) for name, port in demo_settings(tmp_path).ports.items()}
    sentence = _refusal("demo", DEMO_DIRECTORY=str(tmp_path), cwd=None, **(free | {"EID_PORT": busy}))
    assert busy in sentence
    assert "EID_PORT" in sentence


def test_a_party_that_cannot_start_is_one_sentence_and_nothing_stays(tmp_path: Path, assets: Path) -> None:
    told = {"DEMO_DIRECTORY": str(tmp_path), "PORTAL_ASSETS": str(assets), "REGISTERS_TOKENS": "not JSON"}
    sentence = _refusal(
        "demo", cwd=None, **told, **{name: str(port) for name, port in demo_settings(tmp_path).ports.items()}
    )
    assert "REGISTERS_TOKENS" in sentence
    _eventually(lambda: not _all_in(tmp_path))


def test_ctrl_c_stops_everything_and_the_next_start_finds_its_data(house: Demo, directory: Path, assets: Path) -> None:
    before = _everything(house, directory)
    assert len(before) >= 7
    began = time.monotonic()
    assert house.stop() == 0
    assert time.monotonic() - began < 5
    _all_end(before)
    key = (directory / "secrets" / "PORTAL_SECRET").read_text()
    data = (directory / "postgres" / "data" / "PG_VERSION").stat().st_ino

    again = start_demo(house.settings)
    try:
        assert (directory / "secrets" / "PORTAL_SECRET").read_text() == key
        assert (directory / "postgres" / "data" / "PG_VERSION").stat().st_ino == data
        everything = _everything(again, directory)
    finally:
        again.process.kill()
    # Killed by force, it still leaves nothing: the kernel tells its children.
    again.process.wait()
    _all_end(everything)


def test_reset_forgets_everything(directory: Path) -> None:
    assert (directory / "postgres").exists()
    done = _portal("demo", "--reset", DEMO_DIRECTORY=str(directory))
    assert done.returncode == 0
    assert not (directory / "postgres").exists()
    assert not (directory / "secrets").exists()


@pytest.mark.parametrize(
    ("command", "settings", "named"),
    [
        ("serve", {"PORTAL_SECRET": "short"}, "PORTAL_SECRET"),
        ("serve", {}, "PORTAL_EID_CLIENT_KEY"),
        ("worker", {}, "PORTAL_PAYMENTS_API_KEY"),
        ("migrate", {"DATABASE_URL": "postgresql://nobody:hidden@127.0.0.1:1/none"}, "DATABASE_URL"),
        ("migrate", {"DATABASE_URL": "http://example.org"}, "DATABASE_URL"),
        ("migrate", {"PORTAL_PG_BIN": "/nowhere"}, "PORTAL_PG_BIN"),
        ("demo", {"PORTAL_PORT": "none"}, "PORTAL_PORT"),
    ],
)
def test_what_stops_a_command_is_one_sentence(
    command: str, settings: dict[str, str], named: str, tmp_path: Path
) -> None:
    embedded = {"DATABASE_URL": "postgresql://a@127.0.0.1:1/b"} if "PORTAL_PG_BIN" not in settings else {}
    sentence = _refusal(command, cwd=tmp_path, **(embedded | settings))
    assert named in sentence
    assert "hidden" not in sentence


def test_a_busy_port_of_the_portal_alone_is_one_sentence(tmp_path: Path) -> None:
    whole = {
        "DATABASE_URL": "postgresql://a@127.0.0.1:1/b",
        "PORTAL_SECRET": "s" * 32,
        "PORTAL_EID_CLIENT_KEY": "-----BEGIN PRIVATE KEY-----",
        "PORTAL_PAYMENTS_API_KEY": "k" * 16,
        "PORTAL_PAYMENTS_WEBHOOK_SECRET": "w" * 16,
        "PORTAL_REGISTERS_TOKEN": "t" * 16,
        "PORTAL_REGISTERS_KEY": "-----BEGIN PRIVATE KEY-----",
        "PORTAL_AUDIT_KEY": "-----BEGIN PRIVATE KEY-----",
    }
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = str(busy.getsockname()[1])
        sentence = _refusal("serve", cwd=tmp_path, **whole, PORTAL_PORT=port)
    assert "PORTAL_PORT" in sentence
    assert port in sentence


def _portal(*arguments: str, cwd: Path | None = None, **settings: str) -> subprocess.CompletedProcess[str]:
    ours = ("PORTAL_", "EID_", "PAYMENTS_", "REGISTERS_", "DEMO_", "DATABASE_URL")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)} | settings
    return subprocess.run(
        [*PORTAL, *arguments], env=environment, cwd=cwd, capture_output=True, text=True, timeout=60, check=False
    )


def _refusal(*arguments: str, cwd: Path | None = None, **settings: str) -> str:
    """Return the one sentence with which a command refuses."""
    done = _portal(*arguments, cwd=cwd, **settings)
    assert done.returncode == 1, done.stdout + done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    return done.stderr.strip()


def _children(house: Demo) -> list[psutil.Process]:
    return psutil.Process(house.process.pid).children()


def _find(house: Demo, name: str) -> psutil.Process | None:
    mark = {"eid": "eid.provider", "payments": "payments.sandbox", "registers": "services.registers.sandbox"}
    does = "worker" if name == "worker" else "serve"
    for process in _children(house):
        with suppress(psutil.Error):
            line = process.cmdline()
            if line[-1:] == [does] and mark.get(name, "portal") in line:
                return process
    return None


def _child(house: Demo, name: str) -> psutil.Process:
    found = _find(house, name)
    assert found, f"{name} does not run"
    return found


def _all_in(directory: Path) -> list[psutil.Process]:
    """Return every process that has the demo's directory in its command line, its environment, or works in it."""
    found: list[psutil.Process] = []
    for process in psutil.process_iter():
        try:
            words = [*process.cmdline(), *process.environ().values(), process.cwd()]
        except psutil.Error:
            continue
        if any(word.startswith(str(directory)) for word in words) and process.pid != os.getpid():
            found.append(process)
    return found


def _everything(house: Demo, directory: Path) -> dict[int, str]:
    """Return each process of a demo by its number, with what it is."""
    found = {house.process.pid: "demo"}
    for process in _all_in(directory):
        with suppress(psutil.Error):
            found[process.pid] = " ".join(process.cmdline())
    return found


def _all_end(processes: dict[int, str]) -> None:
    """Hold that all end: PostgreSQL once it has written everything down, as long as the disk takes for that."""
    asked = time.monotonic()
    while living := {pid: name for pid, name in processes.items() if _lives(pid)}:
        database = all("postgres" in name for name in living.values())
        assert time.monotonic() - asked < (90 if database else 20), living
        time.sleep(0.05)


def _lives(pid: int) -> bool:
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    return False


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/health/ready", timeout=2).is_success
    except httpx.HTTPError:
        return False


def _eventually(holds: Callable[[], object], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never came about"
        time.sleep(0.05)
