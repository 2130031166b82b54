"""The `payments` command says in one sentence what is wrong, and ends when asked."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest

from .conftest import Merchant, Provider, told, visit


def command(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end, with nothing in its environment but these settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PAYMENTS_")}
    return subprocess.run(
        [sys.executable, "-m", "payments.sandbox", *arguments],
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def refused(ended: subprocess.CompletedProcess[str], *names: str) -> None:
    """Check that it ended with one sentence that names these settings."""
    assert ended.returncode == 1
    assert len(ended.stderr.strip().splitlines()) == 1, ended.stderr
    assert all(name in ended.stderr for name in names), ended.stderr


def test_settings_that_are_missing_are_named() -> None:
    refused(command("serve"), "PAYMENTS_URL", "PAYMENTS_DATABASE_URL", "PAYMENTS_API_KEY", "PAYMENTS_WEBHOOK_SECRET")


def test_a_busy_port_is_named(empty_database_url: str, own_merchant: Merchant) -> None:
    environment = told(empty_database_url, own_merchant)
    with socket.create_server(("127.0.0.1", int(environment["PAYMENTS_PORT"]))):
        refused(command("serve", **environment), "PAYMENTS_PORT", environment["PAYMENTS_PORT"])


@pytest.mark.parametrize("url", ["postgresql://arta:secret@127.0.0.1:1/x", "postgresql:///x?host=/nowhere"])
def test_a_database_that_is_away_is_named_without_its_password(own_merchant: Merchant, url: str) -> None:
    ended = command("serve", **told(url, own_merchant))
    refused(ended, "PAYMENTS_DATABASE_URL")
    assert "secret" not in ended.stderr


def test_a_front_end_that_is_not_built_is_named(
    own_merchant: Merchant, empty_database_url: str, tmp_path: Path
) -> None:
    environment = told(empty_database_url, own_merchant) | {"PAYMENTS_ASSETS": str(tmp_path)}
    refused(command("serve", **environment), "PAYMENTS_ASSETS", "portal assets")


async def test_it_migrates_as_often_as_asked(own_provider: Provider) -> None:
    for _ in range(2):
        assert command("migrate", **own_provider.environment).returncode == 0
    connection = await asyncpg.connect(own_provider.database_url)
    tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'payments' ORDER BY 1")
    await connection.close()
    assert [row["tablename"] for row in tables] == ["message", "payment"]


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_when_asked_and_starts_again(own_provider: Provider, asked: signal.Signals) -> None:
    assert own_provider.stop(asked) == 0
    own_provider.start()
    assert visit("GET", f"{own_provider.url}/health/live").json() == {"status": "live"}
