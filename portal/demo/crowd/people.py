"""The people of the crowd, and the officers whose desks their applications lie at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from uuid import UUID

import msgspec

from i18n.text import Language
from services.applications.member import Post
from services.catalogue.service import Service
from services.registers.sandbox.population.name import communities

# Nobody in the registers has a number that begins so.
CITIZEN, OFFICER = "7", "6"
PLACES = ("prishtine", "prizren", "peje", "gjilan", "ferizaj")
_PRISHTINA_FIRST = (6, 3, 2, 2, 1)
_OF_A_DESK = 3
_SPOKEN: dict[str, Language] = {"serbian": "sr"}


@dataclass(frozen=True, slots=True)
class Someone:
    """One of the crowd; `place` is the municipality where she lives."""

    id: UUID
    personal_number: str
    given_name: str
    family_name: str
    birthdate: date
    language: Language
    place: str


@dataclass(frozen=True, slots=True)
class Officer:
    """One of the officers, with her post."""

    someone: Someone
    post: Post


def citizen(number: int) -> Someone:
    """Return the one of that number: always the same."""
    return _someone(CITIZEN, number)


def officers(services: Sequence[Service]) -> Iterator[Officer]:
    """Yield three officers for each desk at which these services are decided."""
    number = 0
    for institution, place in sorted({each for service in services for each in posts(service)}):
        for _each in range(_OF_A_DESK):
            yield Officer(_someone(OFFICER, number), Post(institution, place or None, "officer"))
            number += 1


def posts(service: Service) -> Iterator[tuple[str, str]]:
    """Yield institution and municipality ("" for none) of the desks at which a service is decided."""
    if service.processing.decision != "rule":
        for place in ("",) if service.processing.municipality is msgspec.UNSET else PLACES:
            yield service.institution.id, place


def id_of(kind: str, number: int) -> UUID:
    """Return the id of one of the crowd."""
    return UUID(f"00000000-0000-7000-a{kind}00-{number:012}")


def _someone(kind: str, number: int) -> Someone:
    rng = Random(f"{kind}-{number}")  # noqa: S311 - always the same
    names = communities()
    community = rng.choices(["albanian", "serbian", "bosniak"], [90, 6, 4])[0]
    spoken = names[community]
    given = spoken.given(rng, rng.choice(["female", "male"]))
    born = date(1950, 1, 1) + timedelta(days=rng.randrange(50 * 365))
    (place,) = rng.choices(PLACES, _PRISHTINA_FIRST)
    language = _SPOKEN.get(community, "sq")
    return Someone(id_of(kind, number), f"{kind}{number:09}", given, spoken.surname(rng), born, language, place)
