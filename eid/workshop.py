"""Runs work that keeps a processor busy in processes of its own, so that no request waits behind it."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import resource
import signal
from collections.abc import Callable, Generator
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import wait
from multiprocessing.util import Finalize
from threading import Thread
from typing import ParamSpec, TypeVar

from i18n.refusal import Unreachable
from i18n.text import _

P = ParamSpec("P")
T = TypeVar("T")
_LARGEST_PROCESS = 2 << 30  # bytes of address space


class Workshop:
    """A few processes, started at the first piece of work, replaced when they die, ended with ours however it ends."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._pool = self._opened()

    async def do(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what `work` (a function of a module) returns, or raise what it raises; all of it must be picklable."""
        pool = self._pool
        try:
            return await asyncio.wrap_future(pool.submit(work, *args, **kwargs))
        except BrokenExecutor as died:
            if self._pool is pool:  # the first to notice
                pool.shutdown(wait=False)
                self._pool = self._opened()
            raise Unreachable("workshop_died", _("The work was interrupted. It will be tried again.")) from died

    def begin(self, work: Callable[[], None]) -> None:
        """Start a process now and let it do `work`, so that who comes first need not wait for either."""
        self._pool.submit(work)

    def close(self) -> None:
        """End the processes after the work in hand."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _opened(self) -> ProcessPoolExecutor:
        # Not `fork`: our process runs threads, whose locks a fork would copy as they happen to stand.
        pool = ProcessPoolExecutor(self._workers, multiprocessing.get_context("spawn"), _prepare)
        # A server's worker is itself a child process: at its end it would wait for ours before closing the pool. The
        # pool's own queue closes itself with priority 10, and must still carry the last word to its processes.
        Finalize(None, pool.shutdown, kwargs={"wait": True, "cancel_futures": True}, exitpriority=20)
        return pool


@contextmanager
def at_most(seconds: int) -> Generator[None]:
    """Break off with TimeoutError after so many seconds; works where signals do, in a process's first thread."""

    def break_off(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, break_off)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _prepare() -> None:
    """Make this process end with its parent, leave Ctrl-C to it, and never eat the machine's memory."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (_LARGEST_PROCESS, _LARGEST_PROCESS))
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])  # readable when the parent is gone, even by kill -9
        os._exit(0)
