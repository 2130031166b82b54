"""Makes the eID's pages: a template in the reader's language, on the stand-ins' common ground."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import MediaType, Response

import i18n.format
import i18n.text
from i18n.text import LANGUAGES, Language, _

_TEMPLATES = Path(__file__).parents[2] / "templates"
_NAMES: dict[Language, str] = {"sq": "Shqip", "sr": "Srpski", "en": "English"}
_PARTY = _("National eID")


class Pages:
    """Renders `templates/eid/`. Assets are those that the portal built; without them pages are plain but whole."""

    def __init__(self, assets: Path) -> None:
        self._assets = _Assets(assets)
        self._environment = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            auto_reload=False,
        )
        i18n.text.install(self._environment)
        i18n.format.install(self._environment)

    def page(
        self,
        template: str,
        language: Language,
        *,
        switch: str | None = None,
        forms_lead_to: Iterable[str] = (),
        status: int = 200,
        **context: object,
    ) -> Response[str]:
        """Return a page. `switch`: the address that takes `language=`; `forms_lead_to`: origins beside our own."""
        to = f"{switch}{'&' if '?' in (switch or '') else '?'}language="
        links = [
            {"language": one, "name": _NAMES[one], "href": to + one, "current": one == language} for one in LANGUAGES
        ]
        html = self._environment.get_template(f"eid/{template}.html").render(
            language=language,
            party=_PARTY.say(language),
            house="eid",
            assets=self._assets,
            language_links=links if switch else [],
            **context,
        )
        policy = content_security_policy(forms_lead_to)
        return Response(
            html, status_code=status, media_type=MediaType.HTML, headers={"Content-Security-Policy": policy}
        )


def content_security_policy(forms_lead_to: Iterable[str] = ()) -> str:
    """Return the policy of a page. Chromium enforces form-action along redirects: it must name who is answered."""
    forms = " ".join(("'self'", *forms_lead_to))
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        f"connect-src 'self'; form-action {forms}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


class _Assets(dict[str, str]):
    """Addresses of the built assets by logical name; an asset that was not built is asked for by that name."""

    def __init__(self, folder: Path) -> None:
        manifest = folder / "manifest.json"
        built = cast("dict[str, Any]", json.loads(manifest.read_text())) if manifest.is_file() else {}
        super().__init__({name: f"/assets/{str(file).removeprefix('/assets/')}" for name, file in built.items()})

    def __missing__(self, name: str) -> str:
        return f"/assets/{name}"
