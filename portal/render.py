"""Renders a whole page, or for htmx its named block."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2_fragments import render_block
from litestar import Request, Response
from litestar.enums import MediaType

from i18n import format as written
from i18n import text
from i18n.text import LANGUAGES, Language
from portal.assets import ROOT, urls
from portal.session import WARNING, now
from portal.settings import Dialect, Settings
from portal.way_back import names_a_person, page_of

NAMES: Mapping[Language, str] = {"sq": "Shqip", "sr": "Srpski", "en": "English"}

AnyRequest = Request[Any, Any, Any]


def make_environment(settings: Settings) -> Environment:
    """Return the portal's template environment, with the addresses of the assets that are built."""
    return environment(urls(settings.assets), settings.eid_account, settings.url, settings.signing_dialect)


def environment(
    assets: Mapping[str, str], eid_account: str | None = None, site: str = "", signs_by: Dialect = "csc"
) -> Environment:
    """Return a template environment: strict about names, escaping, and never looking at a file twice."""
    made = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    text.install(made)
    written.install(made)
    made.globals["assets"] = assets  # pyright: ignore[reportArgumentType] - Jinja takes any object as a global
    made.globals["eid_account"] = eid_account  # pyright: ignore[reportArgumentType]
    made.globals["site"] = site  # pyright: ignore[reportArgumentType]
    made.globals["signs_by"] = signs_by  # pyright: ignore[reportArgumentType]
    return made


def render(
    request: AnyRequest,
    template: str,
    *,
    block: str | None = None,
    status_code: int = 200,
    headers: Mapping[str, str] | None = None,
    **context: object,
) -> Response[str]:
    """Return the page `template`, or for a request of htmx its `block` alone, when one is named.

    `context` adds to what templates/base.html says that every page has, and overrides it.
    """
    everything: dict[str, Any] = {**page_context(request), **context}
    made: Environment = request.app.state.environment
    if block is not None and _asks_for_a_block(request):
        body = render_block(made, template, block, everything)
    else:
        body = made.get_template(template).render(everything)
    return Response(
        body,
        status_code=status_code,
        media_type=MediaType.HTML,
        headers={"Content-Language": everything["language"], "Vary": "HX-Request", **(headers or {})},
    )


def page_context(request: AnyRequest) -> dict[str, Any]:
    """Return what every page has, as listed at the top of templates/base.html."""
    state = request.scope["state"]
    path = _path(request)
    ends_at = state.get("session_ends_at")
    return {
        "language": state["language"],
        "path": path,
        "language_links": language_links(state["language"], path),
        "person": state.get("person"),
        "session_ends_at": ends_at,
        "session_until": f"{ends_at.astimezone(written.KOSOVO):%H:%M}" if ends_at else "",
        "session_seconds": max(0, int((ends_at - now()).total_seconds())) if ends_at else 0,
        "session_warning": int(WARNING.total_seconds()),
        "unread": state.get("unread", 0),
        "section": "",
        "csrf_field": state["csrf"].hidden_field,
    }


def _path(request: AnyRequest) -> str:
    """Return the address to show this page again, as a link: for what a form was answered with, the form's own page.

    An address that names a person is not said again: a link leads to the page without it, or home.
    """
    if request.method != "GET":
        return quote(page_of(request), safe="/?&=%")
    state = request.scope["state"]
    path, query = state["path"], state.get("query") or ""
    if names_a_person(path):
        return ""
    return quote(path) + (f"?{query}" if query and not names_a_person(query) else "")


def language_links(current: Language, path: str) -> list[dict[str, Any]]:
    """Return the way to this same page in each language: language, its own name, href, whether it is current."""
    return [
        {"language": language, "name": NAMES[language], "href": f"/{language}{path}", "current": language == current}
        for language in LANGUAGES
    ]


def _asks_for_a_block(request: AnyRequest) -> bool:
    """Tell whether htmx wants a part; when it restores its history it wants the whole page."""
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers
