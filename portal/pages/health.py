"""For machines: whether the portal runs, and whether it can serve."""

from __future__ import annotations

from litestar import get

from portal.session import anyone
from portal.visit import Visit


@get("/health/live", guards=[anyone])
async def live() -> dict[str, str]:
    """Answer as soon as the process runs."""
    return {"status": "live"}


@get("/health/ready", guards=[anyone])
async def ready(request: Visit) -> dict[str, str]:
    """Answer 200 when the database answers, else 503 (by the refusal)."""
    async with request.database.connect() as connection:
        await connection.fetchval("SELECT 1")
    return {"status": "ready"}
