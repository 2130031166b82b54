"""Every outside tool stops the build on a fault planted for it, under the project's own settings."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.tree import PACKAGES, ROOT

_TOOLS = Path(sys.executable).parent

# Each contract between rooms, and a folder with an import that breaks it there.
_FORBIDDEN = {
    "layers": "payments: from eid import person",
    "circles": "services/registers: from services.applications import application",
    "outside-parties": "portal: from payments.sandbox import settings",
    "eid-stand-in": "eid/provider: from eid import person",
    "payments-stand-in": "payments/sandbox: from payments import money",
    "registers-stand-in": "services/registers/sandbox: from services.registers import facts",
    "nouns": "services/catalogue: from services.registers import store",
    "web": "services/applications: import litestar",
    "database": "services/applications: import asyncpg",
    "network": "payments: import httpx",
    "registers-network": "services/cases: import aiohttp",
    "service-tokens": "portal: import jose",
    "queue": "services/notices: import pgqueuer",
    "rendering": "services/documents: import jinja2",
}

# For each of the other tools: its command as `make check` has it, a file to plant, its text, and what is said of it.
_MODULE = '"""A module."""\n\n\n'
_LOSS = "ALTER TABLE t DROP COLUMN c;\n"
_IDLE = "def never_called() -> None:\n    pass\n"
_FAULTS = (
    ("ruff check", "portal/silent.py", _MODULE + "def act() -> None:\n    pass\n", "D103"),
    ("ruff check", "portal/eval.py", 'X = eval("1")\n', "S307"),
    ("ruff check", "portal/unfinished.py", '"""A module."""\n# TODO: later\n', "FIX002"),
    ("ruff format --check", "portal/untidy.py", "x = ( 1 )\n", "reformatted"),
    ("pyright", "portal/untyped.py", _MODULE + "def act(what):\n    return what\n", "reportMissingParameterType"),
    ("djlint --lint templates", "templates/picture.html", '<img src="/mark.svg" height="1" width="1">\n', "H013"),
    ("djlint --lint templates", "templates/style.html", '<p style="color: red">x</p>\n', "H021"),
    ("squawk portal/migrations/*.sql", "portal/migrations/0002_lost.sql", _LOSS, "ban-drop-column"),
    ("codespell", "docs/misspelt.md", "Citizens rec" + "ieve it.\n", "==> receive"),
    ("vulture", "services/unused.py", _MODULE + _IDLE, "'never_called'"),
)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a checkout with the project's settings for tools, and every fault."""
    root = tmp_path_factory.mktemp("checkout")
    for name in ("pyproject.toml", ".squawk.toml"):
        shutil.copy(ROOT / name, root)
    (root / ".venv").symlink_to(ROOT / ".venv")
    for name in PACKAGES:
        (root / name).mkdir()
    for _command, path, text, _rule in _FAULTS:
        _plant(root / path, text)
    return root


@pytest.fixture(scope="module")
def imports(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give what import-linter says of a copy of the house with every forbidden import."""
    root = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", root)
    for name in PACKAGES:
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__", "locales"))
    for contract, line in _FORBIDDEN.items():
        path, _arrow, imported = line.partition(": ")
        _plant(root / path / f"planted_{contract.replace('-', '_')}.py", imported + "\n")
    code, said = run("lint-imports --no-logo --no-cache", root)
    assert code != 0
    return said


def _plant(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@cache
def run(command: str, where: Path) -> tuple[int, str]:
    """Run a tool of the project in a folder; return its exit code and all that it said."""
    environment = os.environ | {"PATH": f"{_TOOLS}:{os.environ['PATH']}", "NO_COLOR": "1", "COLUMNS": "200"}
    shell = ["bash", "-c", command]
    done = subprocess.run(shell, cwd=where, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(("command", "path", "text", "rule"), _FAULTS, ids=[fault[3] for fault in _FAULTS])
def test_a_tool_sees_its_fault(command: str, path: str, text: str, rule: str, checkout: Path) -> None:
    code, said = run(command, checkout)
    assert code != 0
    assert path in said
    assert rule in said


@pytest.mark.parametrize("contract", _FORBIDDEN)
def test_an_import_that_runs_the_wrong_way_is_seen(contract: str, imports: str) -> None:
    assert re.search(rf"^{re.escape(_contracts()[contract])} BROKEN", imports, re.MULTILINE)
    assert contract == "circles" or f"planted_{contract.replace('-', '_')}" in imports


def test_every_contract_was_seen_to_break() -> None:
    assert set(_contracts()) == set(_FORBIDDEN)


def _contracts() -> dict[str, str]:
    """Return each contract's name by its id."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    return {contract["id"]: contract["name"] for contract in contracts}


_COMMANDS = sorted({fault[0] for fault in _FAULTS} | {"lint-imports", "pytest tests/architecture tests/unit"})


@pytest.mark.parametrize("command", _COMMANDS)
def test_make_check_runs_every_gate(command: str) -> None:
    recipe = re.search(r"^check:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert recipe
    assert any(set(command.split()) <= set(line.replace("@", "").split()) for line in recipe[1].splitlines())
