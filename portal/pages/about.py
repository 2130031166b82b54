"""What the portal says of itself: about, accessibility, privacy; and what it tells robots, and where its pages are."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.enums import MediaType

from i18n.text import LANGUAGES
from portal.kept import FOR_GOOD
from portal.session import anyone
from portal.visit import Visit
from services.catalogue.load import catalogue

_PERSONAL = ("applications", "offers", "notices", "data", "my-data", "payments", "sign-in", "v/")
_PUBLIC = ("/", "/services", "/verify", "/about", "/accessibility", "/privacy")
_SITEMAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml"'


@get(["/about", "/accessibility", "/privacy"], guards=[anyone], opt={"keep": True})
async def page(request: Visit) -> Response[Any]:
    """Show one of the portal's own pages."""
    return request.page(request.path.strip("/"))


@get("/robots.txt", guards=[anyone], media_type=MediaType.TEXT, opt={"keep": FOR_GOOD})
async def robots(request: Visit) -> str:
    """Keep robots off what is personal."""
    closed = (f"Disallow: /{language}/{place}" for language in LANGUAGES for place in _PERSONAL)
    return "\n".join(["User-agent: *", *closed, "", f"Sitemap: {request.settings.url}/sitemap.xml", ""])


@get("/sitemap.xml", guards=[anyone], media_type=MediaType.XML, opt={"keep": FOR_GOOD})
async def sitemap(request: Visit) -> str:
    """Name every public page, each with itself in the other languages."""
    book = catalogue()
    services = (f"/services/{service.id}" for service in book.all())
    events = (f"/life-events/{event.id}" for event, _services in book.life_events())
    pages = "\n".join(_named(request.settings.url, path) for path in (*_PUBLIC, *services, *events))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {_SITEMAP}>\n{pages}\n</urlset>\n'


def _named(site: str, path: str) -> str:
    """Return a page's entries, one a language; without a language its address leads to the reader's own."""
    ways = {**{language: f"/{language}{path}" for language in LANGUAGES}, "x-default": path}
    others = (f'<xhtml:link rel="alternate" hreflang="{each}" href="{site}{way}"/>' for each, way in ways.items())
    alternates = "".join(others)
    return "\n".join(f"<url><loc>{site}{ways[language]}</loc>{alternates}</url>" for language in LANGUAGES)
