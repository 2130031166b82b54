"""Writes the hosted pages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Response
from litestar.enums import MediaType

from i18n import format as written
from i18n import text
from i18n.text import LANGUAGES, Language, _

_TEMPLATES = Path(__file__).parents[2] / "templates"
_NAMES: Mapping[Language, str] = {"sq": "Shqip", "sr": "Srpski", "en": "English"}
PARTY = _("Demo payments")
MERCHANT = _("Citizen portal (DEMO)")


class NoAssets(Exception):  # noqa: N818 - what is wrong, as one sentence
    """The directory of the built front end has no manifest."""


def make_environment(assets: Path) -> Environment:
    """Return the templates' environment, with the addresses of the built assets; raise NoAssets when not built."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    text.install(environment)
    written.install(environment)
    globals_ = cast("dict[str, Any]", environment.globals)
    globals_.update(assets=_addresses(assets), house="payments", merchant=MERCHANT)
    return environment


def _addresses(assets: Path) -> dict[str, str]:
    try:
        manifest: dict[str, str] = json.loads((assets / "manifest.json").read_text())
    except (OSError, ValueError):
        raise NoAssets(f"PAYMENTS_ASSETS: {assets} has no built front end; run `portal assets` first.") from None
    return {name: f"/assets/{file}" for name, file in manifest.items()}


def page(
    environment: Environment, template: str, language: Language, path: str, query: Mapping[str, str], **context: object
) -> Response[str]:
    """Return a page in `language`; the language switch leads to the same page."""
    links = [
        {
            "language": other,
            "name": _NAMES[other],
            "href": f"{path}?{urlencode({**query, 'language': other})}",
            "current": other == language,
        }
        for other in LANGUAGES
    ]
    body = environment.get_template(template).render(
        language=language, party=PARTY.say(language), language_links=links, **context
    )
    return Response(body, media_type=MediaType.HTML, headers={"Content-Language": language})
