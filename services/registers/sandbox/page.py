"""Writes the operator's page."""

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

_TEMPLATES = Path(__file__).parents[3] / "templates"
_NAMES: Mapping[Language, str] = {"sq": "Shqip", "sr": "Srpski", "en": "English"}
_PARTY = _("State registers (DEMO)")


class NoAssets(Exception):  # noqa: N818 - what is wrong, as one sentence
    """The directory of the built front end has no manifest."""


def make_environment(assets: Path) -> Environment:
    """Return the templates' environment, with the addresses of the built assets; raise NoAssets when not built."""
    try:
        manifest: dict[str, str] = json.loads((assets / "manifest.json").read_text())
    except (OSError, ValueError):
        raise NoAssets(f"REGISTERS_ASSETS: {assets} has no built front end; run `portal assets` first.") from None
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
    globals_.update(assets={name: f"/assets/{file}" for name, file in manifest.items()}, house="registers")
    return environment


def page(environment: Environment, language: Language, status: int, context: Mapping[str, Any]) -> Response[str]:
    """Return the page in `language`; the language switch leads to the same page, with the same case."""
    chosen = {"case": context["case"]} if context["case"] else {}
    links = [
        {
            "language": other,
            "name": _NAMES[other],
            "href": f"/operator?{urlencode({**chosen, 'language': other})}",
            "current": other == language,
        }
        for other in LANGUAGES
    ]
    body = environment.get_template("registers/operator.html").render(
        language=language, party=_PARTY.say(language), language_links=links, **context
    )
    headers = {"Content-Language": language}
    return Response(body, status_code=status, media_type=MediaType.HTML, headers=headers)
