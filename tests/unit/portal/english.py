"""Finds English on a page that should have none: defaults of the design system and its scripts, our own messages."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import cast

import msgspec

from i18n.text import LANGUAGES, Language
from portal.assets import BUILT, manifest
from services.catalogue.load import catalogue
from tests.architecture.messages import catalogues, used

_SPOKEN = {"alt", "title", "placeholder", "aria-label", "aria-roledescription", "label", "content"}
_UNSPOKEN = {"script", "style"}
_OURS = ("templates/ui", "templates/base", "templates/standin", "templates/pages/errors")
_WORD = re.compile(r"[^\W\d_]{3,}")
_CODE = re.compile(r"\b[0-9A-Z]{4}(-[0-9A-Z]{4})+\b")  # four letters drawn by lot may be a word


class Speech(HTMLParser):
    """Collects what a page says, on the screen and to those who hear it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self._silent = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take the attributes that are read out or shown."""
        self._silent += tag in _UNSPOKEN
        is_setting = (
            ("name", "viewport") in attrs or ("name", "htmx-config") in attrs or ("name", "theme-color") in attrs
        )
        spoken = [v for n, v in attrs if v and (n in _SPOKEN or n.startswith("data-i18n")) and not is_setting]
        self.said += [value.strip() for value in spoken]

    def handle_endtag(self, tag: str) -> None:
        """Listen again after a script."""
        self._silent -= tag in _UNSPOKEN

    def handle_data(self, data: str) -> None:
        """Take the text."""
        if data.strip() and not self._silent:
            self.said.append(" ".join(data.split()))


def english_on(html: str, language: Language) -> list[str]:
    """Return what `html` says in English although it is a page in `language`."""
    theirs = {"sq": "sq", "sr": "sr_Latn"}[language]
    words = _english_words() - _words_of(theirs)
    return [
        text
        for text in Speech(html).said
        if text.lower().rstrip(":") in _defaults() or words & {w.lower() for w in _WORD.findall(_CODE.sub("", text))}
    ]


@cache
def _defaults() -> frozenset[str]:
    """Return whole English strings, in lower case: defaults of macros and scripts, and our messages."""
    found = {message.message for message in used() if message.place.startswith(_OURS)}
    package = Path(str(files("govuk_frontend_jinja"))) / "templates"
    for path in package.rglob("*.html"):
        source = path.read_text("utf-8")
        found |= set(re.findall(r"""default\(['"]([A-Z][\w ]+)['"]""", source))
        found |= set(re.findall(r""" (?:or|=) ['"]([A-Z][\w %{}]+)['"]""", source))
        found |= set(re.findall(r"^\s+([A-Z][a-z]+)<", source, re.MULTILINE))
    script = (BUILT / manifest()["govuk-frontend.js"]).read_text("utf-8")
    found |= set(re.findall(r'"([A-Z][a-z]+(?: [\w%{}]+)+)"', script))
    # Names that are the same in every language.
    return frozenset(text.strip().lower() for text in found) - {"demo", "pin"}


@cache
def _english_words() -> frozenset[str]:
    return frozenset(word.lower() for text in _defaults() for word in _WORD.findall(text))


@cache
def _words_of(folder: str) -> frozenset[str]:
    """Return the words that our translations use: some are spelled as in English."""
    texts: list[str] = []
    for room in catalogues(folder).values():
        for message in room:
            texts += message.string if isinstance(message.string, list | tuple) else [message.string or ""]
    texts += _said(msgspec.to_builtins(catalogue().all()), "sq" if folder == "sq" else "sr")
    return frozenset(word.lower() for text in texts for word in _WORD.findall(text)) | {"demo", "english"}


def _said(data: object, language: Language) -> list[str]:
    """Return what the definitions say in a language."""
    if isinstance(data, list | tuple):
        return [text for item in cast("list[object]", data) for text in _said(item, language)]
    if not isinstance(data, dict):
        return []
    record = cast("dict[str, object]", data)
    if set(LANGUAGES) <= record.keys():
        return [str(record[language])]
    return [text for item in record.values() for text in _said(item, language)]
