"""A process of its own for what keeps a processor busy: building signed documents."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import resource
import signal
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from multiprocessing.connection import wait
from threading import Thread
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
_LARGEST_PROCESS = 2 << 30  # bytes of address space
_LONGEST = 30.0  # seconds for one piece of work


class Workbench:
    """One process, started at the first piece of work and again when it died; it ends with ours however that ends."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    async def do(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what `work` (a function of a module) returns; TimeoutError when it takes too long, or dies."""
        # Not `fork`: our process runs threads, whose locks a fork would copy as they happen to stand.
        pool = self._pool or ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), _prepare)
        self._pool = pool
        try:
            async with asyncio.timeout(_LONGEST):
                return await asyncio.wrap_future(pool.submit(work, *args, **kwargs))
        except BrokenExecutor as died:
            self.close()
            raise TimeoutError from died

    def close(self) -> None:
        """End the process."""
        if self._pool:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None


def _prepare() -> None:
    """Leave Ctrl-C to our parent, end with it, and never eat the machine's memory."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (_LARGEST_PROCESS, _LARGEST_PROCESS))
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])  # readable when the parent is gone, even by kill -9
        os._exit(0)
