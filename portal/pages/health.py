"""For machines: whether the portal runs, and whether it can serve."""

from litestar import Response, get

from portal.database import Database
from portal.session import anyone


@get("/health/live", guards=[anyone])
async def live() -> dict[str, str]:
    """Answer as soon as the process runs."""
    return {"status": "live"}


@get("/health/ready", guards=[anyone])
async def ready(database: Database) -> Response[dict[str, str]]:
    """Answer 200 when the database answers, else 503 (by the refusal)."""
    async with database.connect() as connection:
        await connection.fetchval("SELECT 1")
    return Response({"status": "ready"})
