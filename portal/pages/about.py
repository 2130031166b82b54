"""What the portal says of itself: about, accessibility, privacy; and what it tells robots."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.enums import MediaType

from portal.session import anyone
from portal.visit import Visit

_PERSONAL = ("applications", "notices", "data", "payments", "sign-in", "v")


@get(["/about", "/accessibility", "/privacy"], guards=[anyone], opt={"keep": True})
async def page(request: Visit) -> Response[Any]:
    """Show one of the portal's own pages."""
    return request.page(request.path.strip("/"))


@get("/robots.txt", guards=[anyone], media_type=MediaType.TEXT)
async def robots() -> str:
    """Keep robots off what is personal."""
    closed = (f"Disallow: /{language}/{place}" for language in ("sq", "sr", "en") for place in _PERSONAL)
    return "\n".join(["User-agent: *", *closed, ""])
