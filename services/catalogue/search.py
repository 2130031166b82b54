"""Finds services by the words people use: any case, with or without ë ç č ć š ž đ, in Latin or Cyrillic script."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from i18n.text import LANGUAGES, Language
from services.catalogue.service import Service

_TO_LATIN = str.maketrans("абвгдђежзијклмнопрстћуфхцчш", "abvgdđežzijklmnoprstćufhcčš") | str.maketrans(
    {"љ": "lj", "њ": "nj", "џ": "dž"}
)
_WORD = re.compile(r"[a-z0-9]+")
_ENDING = 2  # letters that Albanian and Serbian endings change: lindje, lindjes; rođenje, rođenja
_STEM = 4  # a stem shorter than this would fit too much


def words(text: str) -> list[str]:
    """Return the words of a text as they are compared: lower case, Latin, without diacritics, đ as dj."""
    latin = text.lower().translate(_TO_LATIN).replace("đ", "dj")
    bare = "".join(c for c in unicodedata.normalize("NFKD", latin) if not unicodedata.combining(c))
    return _WORD.findall(bare)


class Index:
    """Services by their words; names weigh more than search words, those more than the help."""

    def __init__(self, services: Iterable[Service]) -> None:
        self._services = {service.id: _weights(service) for service in services}
        self._names = {
            (service.id, language): service.names.say(language) for service in services for language in LANGUAGES
        }

    def find(self, query: str, language: Language) -> list[str]:
        """Return the ids of the services that fit every word of the query, best first, then by name."""
        wanted = words(query[:200])
        if not wanted:
            return []
        scores = {
            service_id: [_score(word, weights) for word in wanted] for service_id, weights in self._services.items()
        }
        fitting = [service_id for service_id, found in scores.items() if all(found)]
        return sorted(fitting, key=lambda one: (-sum(scores[one]), self._names[one, language]))


def _weights(service: Service) -> dict[str, int]:
    weights: dict[str, int] = {}
    parts = (
        (3, [service.names]),
        (2, [service.summary, *service.search_words]),
        (1, [service.help, service.gives, service.institution.names]),
    )
    for weight, texts in parts:
        for text in texts:
            for language in LANGUAGES:
                for word in words(text.say(language)):
                    weights[word] = max(weight, weights.get(word, 0))
    # Many write đ as d.
    return {form: weight for word, weight in weights.items() for form in (word, word.replace("dj", "d"))}


def _score(wanted: str, weights: dict[str, int]) -> int:
    """Return the weight of the best word that begins as the wanted one does, its ending aside; 0 when none does."""
    stem = wanted[:-_ENDING] if len(wanted) >= _STEM + _ENDING else wanted
    whole = max((weight for word, weight in weights.items() if word.startswith(wanted)), default=0)
    return whole * 2 or max((weight for word, weight in weights.items() if word.startswith(stem)), default=0)
