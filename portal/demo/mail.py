"""Catches every mail of the demo and keeps it as a Maildir, which any mail program opens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from aiosmtpd.handlers import Mailbox
from aiosmtpd.smtp import SMTP


@asynccontextmanager
async def caught(directory: Path, port: int) -> AsyncGenerator[None]:
    """Take mail on a port of this machine and put it into `directory` while the block runs."""
    loop = asyncio.get_running_loop()
    # `loop` is given: in a thread of its own the catcher would outlive the demo's.
    serve = partial(SMTP, Mailbox(directory), hostname="localhost", loop=loop, enable_SMTPUTF8=True)
    server = await loop.create_server(serve, "localhost", port)
    try:
        yield
    finally:
        server.close()
