"""Words as they are compared: one alphabet, no diacritics, no endings, whichever language somebody writes in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, cast

import Stemmer

from i18n.text import Language

# One letter for one letter; what Cyrillic writes as one and Latin as two comes after. Many write đ as d, others as dj.
_TO_LATIN = str.maketrans("абвгдђежзијклмнопрстћуфхцчш", "abvgddezzijklmnoprstcufhccs") | str.maketrans(
    {"љ": "lj", "њ": "nj", "џ": "dz", "đ": "d"}
)
_WRITTEN = re.compile(r"\w+(?:[.'’ʼ`´]\w+)*")  # also Sh.p.k. and Ç’regjistrim
_REST = re.compile("[^a-z0-9]")

# They say how a thing is asked for, not what: articles, prepositions, "how do I get".
_ASKING: Mapping[Language, str] = {
    "sq": """apo deri dhe do dua duhet e edhe eshte i jam jane ju ka kam keni ku kur marr me mua mund ne nga nje ose pa
        per po prej qe sa se si te tim time u une""",
    "sr": """ali bih biti da do dobijem ga gde hocu i ili iz je kad kako ko kod li me mi mogu moj moja moje moju mora
        moram na nam ne o od po pod pri sa se sam sta su svoj svoju to treba u uz za zelim""",
    "en": """a about an and are at be by can do does for from get have how i if in is it me must my need of on or our
        please so some that the this to want we what when where which who will with you your""",
}
_TELLS_NOTHING = frozenset(word for asking in _ASKING.values() for word in asking.split())

_ALBANIAN = (  # the longest first
    *("ave", "ash", "eve", "esh", "ine", "ise"),
    *("at", "et", "en", "es", "ve", "ia", "it", "in", "un", "ut"),
    *("i", "e", "a", "u"),
)
_ALBANIAN_ACTS = ("uar", "oj", "im")  # regjistruar, regjistroj, regjistrim
# Plurals that no ending tells, of words that many services are about.
_IRREGULAR: Mapping[Language, Mapping[str, str]] = {
    "sq": {},
    "sr": dict.fromkeys(("deca", "dece", "deci", "decu", "decom"), "dete"),
    "en": {"children": "child"},
}
_VOWEL = re.compile("[aeiouy]")
_SHORTEST, _SHORTEST_ACT = 3, 4


def words(text: str) -> list[str]:
    """Return the words of a text: lower case, Latin, without diacritics, with đ as d in whatever way it was written."""
    return [word for _written, word in spelled(text)]


def spelled(text: str) -> Iterator[tuple[str, str]]:
    """Yield each word of a text as it is written and as it is compared."""
    for written in _WRITTEN.findall(unicodedata.normalize("NFC", text)):
        if word := _bare(written):
            yield written, word


def telling(found: list[str]) -> list[str]:
    """Return the words that say what is sought, without those that only ask; all of them when nothing else is there."""
    return [word for word in found if word not in _TELLS_NOTHING] or found


def stem(word: str, language: Language) -> str:
    """Return what all forms of a word have in common; `word` is as `words` gives it."""
    return _STEMS[language](_IRREGULAR[language].get(word, word))


def _bare(written: str) -> str:
    """Return one word as it is compared. `dj` is đ also in djalë: question and answer change alike."""
    letters = unicodedata.normalize("NFKD", written.lower().translate(_TO_LATIN))
    return _REST.sub("", letters).replace("dj", "d")


def _albanian(word: str) -> str:
    """Return an Albanian word without its endings.

    A noun has up to two of them (case and article after a plural; what looks like one in the stem goes in every form),
    and an act is one with its verb: regjistrim, regjistrimit, regjistroj, regjistruar.
    """
    for _round in range(2):
        word = _without(word, _ALBANIAN, _SHORTEST)
    return _without(word, _ALBANIAN_ACTS, _SHORTEST_ACT)


def _without(word: str, endings: Sequence[str], shortest: int) -> str:
    for ending in endings:
        rest = word.removesuffix(ending)
        if rest != word and len(rest) >= shortest and _VOWEL.search(rest):
            return rest
    return word


def _snowball(name: str) -> Callable[[str], str]:
    return cast("Any", Stemmer).Stemmer(name).stemWord


_STEMS: Mapping[Language, Callable[[str], str]] = {
    "sq": _albanian,
    "sr": _snowball("serbian"),
    "en": _snowball("english"),
}
