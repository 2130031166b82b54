"""A problem of a definition, and what every part of the checks looks at: places in texts, rules, what they may name."""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping

from i18n.text import LANGUAGES, Language, Wording
from services.catalogue import rules
from services.catalogue.rules import Shape

Problem = tuple[str, str]  # place, reason


def rule(place: str, source: str, known: Mapping[str, Shape]) -> Iterator[Problem]:
    """Yield why an expression cannot be used."""
    for reason in rules.problems(source, known):
        yield place, reason


def places(text: Wording, *languages: Language) -> set[str]:
    """Return what stands in `{braces}`, in one language or in any."""
    said = [text.say(language) for language in languages or LANGUAGES]
    return {field for words in said for _before, field, _form, _conversion in string.Formatter().parse(words) if field}
