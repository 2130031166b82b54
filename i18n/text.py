"""Says a message in the reader's language.

Messages are English sentences in code and templates; `locales/<locale>/LC_MESSAGES/<room>.po` holds the Albanian
and Serbian of each room, so no file is everyone's. They are read at start and merged: nothing is compiled.
"""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast

from babel import Locale
from babel.messages.pofile import read_po
from babel.support import Translations
from jinja2 import Environment, pass_context
from jinja2.runtime import Context

Language = Literal["sq", "sr", "en"]
LANGUAGES: tuple[Language, ...] = ("sq", "sr", "en")
DEFAULT: Language = "sq"

# Bare `sr` is Cyrillic in CLDR; government pages of Kosovo are in Latin script.
LOCALES: Mapping[Language, Locale] = {
    "sq": Locale("sq"),
    "sr": Locale("sr", script="Latn"),
    "en": Locale("en", "GB"),
}
# Languages that a reader of Serbian reads too.
_ALIASES = {"sq": "sq", "al": "sq", "sr": "sr", "bs": "sr", "hr": "sr", "cnr": "sr", "sh": "sr", "en": "en"}
_FOLDERS: Mapping[Language, str] = {"sq": "sq", "sr": "sr_Latn", "en": "en"}
_HERE = Path(__file__).parent / "locales"


@dataclass(frozen=True, slots=True)
class Text:
    """A message not yet said: its English, its plural and what fills its `%(name)s` places."""

    message: str
    plural: str | None = None
    count: int = 0
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def say(self, language: Language) -> str:
        """Return the sentence in `language`; a value that has words of its own is said in it too."""
        words = catalogue(language)
        sentence = (
            words.gettext(self.message)
            if self.plural is None
            else words.ngettext(self.message, self.plural, self.count)
        )
        values = {k: v.say(language) if isinstance(v, Text | Wording) else v for k, v in self.values.items()}
        return sentence % values if values else sentence


@dataclass(frozen=True, slots=True)
class Wording:
    """Words that come with data (a definition, a register) in all three languages."""

    sq: str
    sr: str
    en: str

    def say(self, language: Language) -> str:
        """Return the words in `language`."""
        return cast("str", getattr(self, language))


Sayable = Text | Wording


def _(message: str, **values: object) -> Text:
    """Mark `message` for translation and for saying later."""
    return Text(message, values=values)


def n_(singular: str, plural: str, count: int, **values: object) -> Text:
    """Mark a message that depends on `count`, which it may print as `%(count)s`."""
    return Text(singular, plural, count, {"count": count, **values})


@cache
def catalogue(language: Language) -> gettext.NullTranslations:
    """Return every room's messages in `language` as one catalogue; English is its own source."""
    merged: Translations | None = None
    for path in sorted((_HERE / _FOLDERS[language] / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            room = _compiled(read_po(file, locale=_FOLDERS[language]))
        merged = room if merged is None else cast("Translations", merged.merge(room))
    return merged or gettext.NullTranslations()


def _compiled(messages: Any) -> Translations:  # noqa: ANN401 - Babel's Catalog is untyped
    from io import BytesIO  # noqa: PLC0415 - only at start

    from babel.messages.mofile import write_mo  # noqa: PLC0415 - only at start

    buffer = BytesIO()
    write_mo(buffer, messages)
    buffer.seek(0)
    return Translations(fp=buffer)


def negotiate(accept_language: str | None) -> Language:
    """Return the language to greet a reader in, from an `Accept-Language` header (RFC 9110)."""
    wishes: list[tuple[float, Language]] = []
    for part in (accept_language or "").split(","):
        tag, _semicolon, quality = part.strip().partition(";q=")
        known = _ALIASES.get(tag.split("-")[0].lower())
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            continue
        if known and weight > 0:
            wishes.append((weight, cast("Language", known)))
    return max(wishes, key=lambda wish: wish[0])[1] if wishes else DEFAULT


def install(environment: Environment) -> None:
    """Give a Jinja environment `_()`, `ngettext` and `{% trans %}` in the language of each render's context."""

    @pass_context
    def say(context: Context, message: str) -> str:
        return catalogue(context["language"]).gettext(message)

    @pass_context
    def say_plural(context: Context, singular: str, plural: str, count: int) -> str:
        return catalogue(context["language"]).ngettext(singular, plural, count)

    @pass_context
    def say_any(context: Context, words: Sayable) -> str:
        return words.say(context["language"])

    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(say, say_plural, newstyle=True)  # type: ignore[attr-defined]
    cast("dict[str, Any]", environment.filters)["say"] = say_any
