"""The programs of the house as real processes on free ports: one party alone, or the whole demo."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from portal.demo.plan import Party, Plan
from portal.demo.settings import DemoSettings

START_SECONDS = 90.0


@dataclass(frozen=True, slots=True)
class Running:
    """A party's process that serves, and where; `log` is what it has said."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def stop(self) -> None:
        """End it and all that it started."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()


@dataclass(frozen=True, slots=True)
class Demo:
    """The whole demo: its addresses, its directory, and the process of `portal demo`."""

    settings: DemoSettings
    process: subprocess.Popen[bytes]
    said: Path
    addresses: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def url(self) -> str:
        """The portal's address."""
        return self.addresses["portal"]

    @property
    def mail(self) -> Path:
        """The Maildir in which its mail lands."""
        return self.settings.demo_directory / "mail"

    def stop(self) -> int:
        """End it as Ctrl-C would, and return its exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(15)


def demo_settings(directory: Path, **more: object) -> DemoSettings:
    """Return settings of a demo in `directory`, everything on free ports, apart from what the machine has set."""
    names = ("portal", "portal_metrics", "eid", "payments", "registers", "demo_mail", "demo_sms")
    ports = dict(zip((f"{name}_port" for name in names), free_ports(len(names)), strict=True))
    return DemoSettings.model_validate({"demo_directory": directory, **ports, **more})


def start_demo(settings: DemoSettings) -> Demo:
    """Start `portal demo` and return it once its table stands on the console."""
    settings.demo_directory.mkdir(parents=True, exist_ok=True)
    said = settings.demo_directory / "console"
    demo = Demo(
        settings,
        _begin((sys.executable, "-m", "portal", "demo"), _environment(settings), said),
        said,
        _addresses(settings),
    )
    _wait(lambda: "Ctrl-C stops everything" in said.read_text(), demo.process, said)
    return demo


def start_party(party: Party, log: Path) -> Running:
    """Start one party and return it once it says that it can serve."""
    assert party.health, f"{party.name} does not listen"
    health = party.health
    running = Running(health.removesuffix("/health/ready"), _begin(party.command, party.environment, log), log)
    _wait(lambda: _answers(health), running.process, log)
    return running


def free_ports(count: int) -> list[int]:
    """Return ports on which nobody listens now."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def _addresses(settings: DemoSettings) -> dict[str, str]:
    return {name: Plan(settings, {}).address(name) for name in ("portal", "eid", "payments", "registers")}


def _environment(settings: DemoSettings) -> dict[str, str]:
    told = {name.upper(): str(value) for name, value in settings.model_dump(exclude_none=True).items()}
    return {**os.environ, **told, "PYTHONUNBUFFERED": "1"}


def _begin(command: tuple[str, ...], environment: Mapping[str, str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as said:
        return subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True
        )


def _wait(holds: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not holds():
        assert process.poll() is None, f"it ended: {log.read_text()}"
        assert time.monotonic() < deadline, f"it did not start in time: {log.read_text()}"
        time.sleep(0.05)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2, trust_env=False).is_success
    except httpx.HTTPError:
        return False
