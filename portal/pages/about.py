"""What the portal says of itself: about, accessibility, privacy; and what it tells robots."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get
from litestar.enums import MediaType

from portal.render import render
from portal.session import anyone
from portal.settings import Settings


@get(["/about", "/accessibility", "/privacy"], guards=[anyone], opt={"keep": True})
async def page(request: Request[Any, Any, Any]) -> Response[Any]:
    """Show one of the portal's own pages."""
    return render(request, f"pages{request.scope['path']}.html", section="")


@get("/robots.txt", guards=[anyone], media_type=MediaType.TEXT)
async def robots(settings: Settings) -> str:
    """Keep robots off what is personal."""
    closed = ("applications", "notices", "data", "sign-in", "v")
    lines = [f"Disallow: /{language}/{place}" for language in ("sq", "sr", "en") for place in closed]
    return "\n".join(["User-agent: *", *lines, f"# {settings.url}", ""])
