"""The way a task gets onto the queue: in the same transaction as what it follows from, so neither is lost alone."""

from __future__ import annotations

from pgqueuer.db import AsyncpgDriver
from pgqueuer.queries import Queries

from portal.database import Connection


async def enqueue(connection: Connection, task: str, payload: bytes) -> None:
    """Put a task on the queue when, and only when, the caller's transaction commits; the same task waits once."""
    queries = Queries(AsyncpgDriver(connection))  # type: ignore[arg-type]  # a pool's proxy is a connection
    await queries.enqueue(task, payload, dedupe_key=f"{task}:{payload.decode()}", on_conflict="skip")
