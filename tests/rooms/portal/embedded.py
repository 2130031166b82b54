"""Looks at an embedded PostgreSQL from outside: its processes, and what it answers."""

from __future__ import annotations

import asyncio
import stat
import time
from collections.abc import Callable
from pathlib import Path

import asyncpg
import psutil

from portal import postgres


def all_of(directory: Path) -> list[psutil.Process]:
    """Return the keeper and everything of PostgreSQL that works for a directory."""
    found: list[psutil.Process] = []
    for process in psutil.process_iter():
        try:
            ours = _works_for(process, directory)
        except psutil.Error:
            continue
        if ours:
            found.append(process)
    return found


def _works_for(process: psutil.Process, directory: Path) -> bool:
    line = process.cmdline()
    return (
        process.cwd() == str(directory / "data")
        or ("portal.postgres.keeper" in line and str(directory) in line)
        or any(part.startswith(f"{directory}/unfinished-") for part in line)
    )


def _line(process: psutil.Process) -> list[str]:
    """Return a process's command line, an empty one when it has ended since it was found."""
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []


def keepers(directory: Path) -> list[psutil.Process]:
    """Return the keepers of a directory's server."""
    return [process for process in all_of(directory) if "portal.postgres.keeper" in _line(process)]


def postmasters(directory: Path) -> list[psutil.Process]:
    """Return PostgreSQL's first process."""
    return [process for process in all_of(directory) if "-D" in _line(process)]


def backends(directory: Path) -> list[psutil.Process]:
    """Return what PostgreSQL's first process has started."""
    above = keepers_and_postmasters(directory)
    return [process for process in all_of(directory) if process not in above]


def keepers_and_postmasters(directory: Path) -> list[psutil.Process]:
    """Return both."""
    return [*keepers(directory), *postmasters(directory)]


def mode(path: Path) -> int:
    """Return the permissions of a file."""
    return stat.S_IMODE(path.stat().st_mode)


def eventually(holds: Callable[[], bool], seconds: float = 10) -> None:
    """Return once something holds; fail when it does not come about in time."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never came about"
        time.sleep(0.02)


def ask(server: postgres.Server, question: str) -> object:
    """Return the one value that a question to a server gives."""
    return asyncio.run(query(server.url(), question))


async def query(url: str, question: str) -> object:
    """Return the one value that a question gives."""
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


async def fetch(url: str, question: str) -> list[asyncpg.Record]:
    """Return the rows that a question gives."""
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetch(question)
    finally:
        await connection.close()
