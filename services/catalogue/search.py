"""Finds services by the words people use: any language, case and script, any ending, with a typing error or two.

Built once and kept in memory. What is rare says more than what half the services have (`certificate`), and what stands
in a name more than what stands in the help. A service fits when it has most of what was said, by that measure.
"""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile

from i18n.text import LANGUAGES, Language, Wording
from services.catalogue.lexicon import Lexicon, Readings
from services.catalogue.service import LifeEvent, Service
from services.catalogue.words import spelled, telling, words

_NAME, _SYNONYM, _SUMMARY, _HELP = 10, 5, 3, 1  # what a word weighs by where it stands
_BITS, _WEIGHT = 4, 0b1111  # of a posting: the weight in the lowest bits, the service's number above
_BESIDE = 0.25  # what a word's beginning counts where it is a word by itself: car, and card
_IN_NAME = 0.5 * _NAME  # a word of the name, be it with a typing error
_SAME, _BEGINS, _COVERS = 1000.0, 500.0, 100.0  # above what words alone come to
_ENOUGH = 0.6  # of what was said
_ALIKE = 0.55  # how near a word must be to be offered in place of one that nobody uses
_MOST_CLOSEST, _MOST_WORDS = 5, 10

_Texts = Sequence[tuple[int, Wording]]


@dataclass(frozen=True, slots=True)
class Found:
    """The services that fit, best first. When none does: those that come closest, and what may have been meant."""

    services: tuple[Service, ...] = ()
    closest: tuple[Service, ...] = ()
    meant: str = ""


@dataclass(frozen=True, slots=True)
class _Sought:
    """A word of the question: how much it says, and the score of each service that has it, by number."""

    weight: float
    scores: Mapping[int, float]


class Index:
    """Services by their words."""

    def __init__(self, services: Iterable[Service], events: Iterable[LifeEvent] = ()) -> None:
        self._services = tuple(services)
        names = {event.id: event.names for event in events}
        texts = [tuple(_texts(service, names)) for service in self._services]
        self._lexicons = {each: _lexicon(each, texts) for each in LANGUAGES}
        self._postings = {each: _postings(texts, lexicon) for each, lexicon in self._lexicons.items()}
        self._names = sorted(
            (" ".join(words(service.names.say(language))), number)
            for number, service in enumerate(self._services)
            for language in LANGUAGES
        )
        self._order = {each: _ordered(self._services, each) for each in LANGUAGES}
        self._lengths = [
            min(len(telling(words(service.names.say(each)))) for each in LANGUAGES) for service in self._services
        ]

    def find(self, query: str, language: Language) -> Found:
        """Return what fits the words of the query; services that fit equally are in order of their names."""
        typed = words(query)[:_MOST_WORDS]
        sought = [self._sought(word) for word in telling(typed)]
        if not any(one.scores for one in sought):
            return Found(meant=self._meant(query, language))
        ranked = self._ranked(sought, " ".join(typed), language)
        fitting = tuple(self._services[number] for number, share in ranked if share >= _ENOUGH)
        if fitting:
            return Found(fitting)
        closest = sorted(ranked, key=lambda one: -one[1])[:_MOST_CLOSEST]  # stable: the better first among equals
        return Found((), tuple(self._services[number] for number, _share in closest), self._meant(query, language))

    def _ranked(self, sought: Sequence[_Sought], typed: str, language: Language) -> list[tuple[int, float]]:
        """Return every service that has anything, best first, with the share of what was said that it has."""
        scores, shares, named = _summed(sought)
        for number in named:
            scores[number] += _COVERS * len(sought) / max(len(sought), self._lengths[number])
        for number, bonus in self._by_name(typed):
            scores[number] = scores.get(number, 0.0) + bonus
        order = self._order[language]
        ranked = sorted(scores, key=lambda number: (-round(scores[number], 6), order[number]))
        return [(number, shares.get(number, 1.0)) for number in ranked]

    def _by_name(self, typed: str) -> Iterator[tuple[int, float]]:
        """Yield each service whose name is what was typed, or begins so."""
        after = islice(self._names, bisect_left(self._names, (typed, -1)), None)
        for name, number in takewhile(lambda one: one[0].startswith(typed), after):
            yield number, _SAME if name == typed else _BEGINS

    def _sought(self, word: str) -> _Sought:
        """Look for the word itself and for what begins with it; for what is nearly it where there is neither."""
        whole = self._scores(lambda lexicon: lexicon.read(word))
        begun = self._scores(lambda lexicon: lexicon.complete(word))
        scores = _best(whole, {number: score * _BESIDE for number, score in begun.items()}) if whole else begun
        scores = scores or self._scores(lambda lexicon: lexicon.guess(word))
        return _Sought(math.log(1 + len(self._services) / (1 + len(whole or scores))), scores)

    def _scores(self, read: Callable[[Lexicon], Readings]) -> dict[int, float]:
        """Return the score of each service that has a word so read in any language."""
        scores: dict[int, float] = {}
        for language, lexicon in self._lexicons.items():
            postings = self._postings[language]
            for stem, sureness in read(lexicon).items():
                for posting in postings[stem]:
                    number, score = posting >> _BITS, sureness * (posting & _WEIGHT)
                    if score > scores.get(number, 0.0):
                        scores[number] = score
        return scores

    def _meant(self, query: str, language: Language) -> str:
        """Return the query with words that are used in place of those nobody uses; "" when none is near."""
        said: list[str] = []
        for written, word in islice(spelled(query), _MOST_WORDS):
            if self._sought(word).scores:
                said.append(written)
                continue
            order = sorted(self._lexicons, key=lambda each: each != language)
            nearness, nearest = max((self._lexicons[each].nearest(word) for each in order), key=lambda one: one[0])
            if nearness < _ALIKE:
                return ""
            said.append(nearest)
        meant = " ".join(said)
        return meant if meant != query else ""


def _texts(service: Service, events: Mapping[str, Wording]) -> Iterator[tuple[int, Wording]]:
    """Yield what a service is found by, with its weight, the heaviest first."""
    yield _NAME, service.names
    yield from ((_SYNONYM, each) for each in service.search_words)
    yield from ((_SUMMARY, text) for text in (service.summary, service.gives))
    yield from ((_SUMMARY, events[event]) for event in service.life_events if event in events)
    yield from ((_HELP, text) for text in (service.help, service.institution.names))


def _lexicon(language: Language, services: Iterable[_Texts]) -> Lexicon:
    """Return the words of all services in a language."""
    texts = [(weight, text.say(language)) for texts in services for weight, text in texts]
    used = (text for weight, text in texts if weight == _HELP)
    return Lexicon(language, used, (text for weight, text in texts if weight > _HELP))


def _weights(texts: _Texts, lexicon: Lexicon) -> Mapping[str, int]:
    """Return each stem of a service's texts in one language with the weight of the best place that it stands in."""
    weights: dict[str, int] = {}
    for weight, text in texts:
        for word in words(text.say(lexicon.language)):
            weights.setdefault(lexicon.stems[word], weight)
    return weights


def _postings(services: Iterable[_Texts], lexicon: Lexicon) -> Mapping[str, array[int]]:
    """Return for each stem the services that have it, by number, each with its weight in the lowest bits."""
    postings: dict[str, array[int]] = {}
    for number, texts in enumerate(services):
        for stem, weight in _weights(texts, lexicon).items():
            postings.setdefault(stem, array("I")).append(number << _BITS | weight)
    return postings


def _ordered(services: Sequence[Service], language: Language) -> dict[int, int]:
    """Return the place of each service in the order of names."""
    by_name = sorted(range(len(services)), key=lambda number: services[number].names.say(language))
    return {number: place for place, number in enumerate(by_name)}


def _best(some: Mapping[int, float], others: Mapping[int, float]) -> dict[int, float]:
    return {number: max(some.get(number, 0.0), others.get(number, 0.0)) for number in (*some, *others)}


def _summed(sought: Sequence[_Sought]) -> tuple[dict[int, float], dict[int, float], list[int]]:
    """Return each service's score, its share of what was said, and the services that have all of it in their name."""
    scores: dict[int, float] = {}
    shares: dict[int, float] = {}
    whole = sum(one.weight for one in sought)
    for one in sought:
        for number, score in one.scores.items():
            scores[number] = scores.get(number, 0.0) + one.weight * score
            shares[number] = shares.get(number, 0.0) + one.weight / whole
    named = [number for number in scores if all(one.scores.get(number, 0.0) >= _IN_NAME for one in sought)]
    return scores, shares, named
