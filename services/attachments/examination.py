"""Finds out what a file is by opening it, in a process apart that it can at worst bring down with it."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path
from typing import cast

import msgspec
from msgspec import Struct

from services.attachments.attachment import Problem
from services.catalogue.question import FileType

_OPENING = Path(__file__).with_name("opening.py")
_PATIENCE = 30.0  # seconds
_SPENT = {-signal.SIGXCPU, -signal.SIGKILL}
_seats = asyncio.Semaphore(2)  # so many files are opened at a time


class Examined(Struct, frozen=True):
    """What a file is: its type, or why it is none that can be taken; `located` as in Attachment."""

    type: FileType | None
    problem: Problem | None
    located: bool = False


async def examine(content: bytes) -> Examined:
    """Return what the content is, by itself alone: no name is asked, and no word of the browser."""
    async with _seats:
        code, said = await _opened(content)
    if code == 0:
        return msgspec.json.decode(said, type=Examined)
    return Examined(None, "too_much" if code in _SPENT else "damaged")


async def _opened(content: bytes) -> tuple[int, bytes]:
    """Return how the process ended, and what it said; it is killed when it takes too long."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        str(_OPENING),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={},
    )
    try:
        async with asyncio.timeout(_PATIENCE):
            said, _nothing = await process.communicate(content)
    except TimeoutError:
        said = b""
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return cast("int", process.returncode), said
