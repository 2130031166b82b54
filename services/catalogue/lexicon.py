"""The words that are used in one language, and which of them a typed word may be."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping

from rapidfuzz import process
from rapidfuzz.distance import OSA

from i18n.text import Language
from services.catalogue import words

WHOLE, BEGUN, NEAR, ENDED = 1.0, 0.8, 0.6, 0.5  # how sure it is that a word was meant; NEAR for one error
_ONE_ERROR, _TWO_ERRORS = 4, 7  # letters that a word has at least, to be taken for another
_LONGEST_ENDING, _SHORTEST_BEGINNING = 2, 3
_COMMON_BEGINNING = 2  # letters with which so many words begin that only those of names are looked at
_MOST = 8  # words that one typing error is taken for

Readings = Mapping[str, float]  # stem → how sure it is


class Lexicon:
    """The words of one language: `named` are those that name things, by which alone a typing error is understood."""

    def __init__(self, language: Language, used: Iterable[str], named: Iterable[str]) -> None:
        self.language: Language = language
        self._spelled = {word: written.lower() for text in named for written, word in words.spelled(text)}
        known = {*self._spelled, *(word for text in used for word in words.words(text))}
        self.stems = {word: words.stem(word, language) for word in known}
        self._all = sorted(known)
        self._named = sorted(self._spelled)
        self._named_stems = sorted({self.stems[word] for word in self._named})
        self._known_stems = frozenset(self.stems.values())

    def read(self, word: str) -> Readings:
        """Return the stem that the word has, if there is such a one here."""
        stem = words.stem(word, self.language)
        return {stem: WHOLE} if stem in self._known_stems else {}

    def complete(self, word: str) -> Readings:
        """Return the stems of the words that begin so: people are still typing."""
        among = self._all if len(word) > _COMMON_BEGINNING else self._named
        return {self.stems[one]: BEGUN for one in _beginning(among, word)}

    def guess(self, word: str) -> Readings:
        """Return the stems that the word nearly is: with another ending, with a letter or two typed wrongly."""
        stem = words.stem(word, self.language)
        by_word = {self.stems[one]: sureness for one, sureness in _near(word, self._named)}
        return dict.fromkeys(self._ended(stem), ENDED) | by_word | dict(_near(stem, self._named_stems))

    def nearest(self, word: str) -> tuple[float, str]:
        """Return how near the nearest word that names a thing is, from 0 to 1, and how it is written."""
        found = process.extractOne(word, self._named, scorer=OSA.normalized_similarity)
        return (found[1], self._spelled[found[0]]) if found else (0.0, "")

    def _ended(self, stem: str) -> Iterator[str]:
        """Yield stems that begin this one, or that this one begins, but for an ending: vozi and vozil."""
        if len(stem) >= _SHORTEST_BEGINNING:
            longest = len(stem) + _LONGEST_ENDING
            yield from (one for one in _beginning(self._named_stems, stem) if len(one) <= longest)
        shorter = (stem[:-cut] for cut in range(1, _LONGEST_ENDING + 1) if len(stem) - cut >= _SHORTEST_BEGINNING)
        yield from (one for one in shorter if one in self._known_stems)


def _near(word: str, among: list[str]) -> Iterator[tuple[str, float]]:
    """Yield what the word is but for a letter, for two where it is long: added, left out, another, or two exchanged."""
    errors = (len(word) >= _ONE_ERROR) + (len(word) >= _TWO_ERRORS)
    if errors:
        for one, distance, _at in process.extract(word, among, scorer=OSA.distance, score_cutoff=errors, limit=_MOST):
            yield one, NEAR / max(1, distance)


def _beginning(ordered: list[str], start: str) -> Iterator[str]:
    at = bisect_left(ordered, start)
    while at < len(ordered) and ordered[at].startswith(start):
        yield ordered[at]
        at += 1
