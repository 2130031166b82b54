"""The services of a life event that are begun together: which, ticked for whom, and what is asked once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from msgspec import Struct

from i18n.text import Wording
from services.catalogue import rules, vocabulary


class Proposed(Struct, frozen=True, forbid_unknown_fields=True):
    """A service of a bundle; ticked when the rule holds, and `because` says to the person why."""

    service: str
    tick: str | None = None
    because: Wording | None = None


class Bundle(Struct, frozen=True, forbid_unknown_fields=True):
    """What a life event may need; `event` is an id of life_events.yaml."""

    event: str
    services: tuple[Proposed, ...]

    def needs(self) -> list[str]:
        """Return the facts about the applicant that the rules read, in the order of their names."""
        read = {name for one in self.services if one.tick for name in rules.names(one.tick)}
        return sorted({name.split(".")[1] for name in read if name.startswith("applicant.")})

    def ticked(self, applicant: Mapping[str, object], today: date) -> list[str]:
        """Return the services that apply by what the registers said; what a silent one would say ticks nothing."""
        known = {"applicant": applicant, "today": today.isoformat()}
        return [one.service for one in self.services if one.tick and rules.holds(one.tick, known)]


class Bundles(Struct, frozen=True, forbid_unknown_fields=True):
    """All of bundles.yaml; `questions` are those asked once for several services, by their id, in words for all."""

    questions: dict[str, Wording]
    bundles: tuple[Bundle, ...]

    def of(self, event: str) -> Bundle | None:
        """Return the bundle of a life event."""
        return next((bundle for bundle in self.bundles if bundle.event == event), None)


def problems(book: Bundles, services: Collection[str], events: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong, as place and reason."""
    for number, bundle in enumerate(book.bundles):
        place = f"$.bundles[{number}]"
        if bundle.event not in events:
            yield f"{place}.event", f"{bundle.event} does not stand in life_events.yaml"
        for inner, one in enumerate(bundle.services):
            for at, reason in _problems(one, services):
                yield f"{place}.services[{inner}]{at}", reason


def _problems(one: Proposed, services: Collection[str]) -> Iterator[tuple[str, str]]:
    if one.service not in services:
        yield ".service", f"there is no service {one.service}"
    if (one.tick is None) != (one.because is None):
        yield "", "a rule and its reason in words come together"
    persons = {name: shape for name, shape in vocabulary.FACTS.items() if name not in vocabulary.OF_COMPANIES}
    for reason in rules.problems(one.tick, {"applicant": persons, "today": None}) if one.tick else ():
        yield ".tick", reason
