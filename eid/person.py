"""Who someone is, as an identity provider has verified it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from i18n.text import Language

Level = Literal["low", "substantial", "high"]
LEVELS: tuple[Level, ...] = ("low", "substantial", "high")  # in rising order, as eIDAS has them


@dataclass(frozen=True, slots=True)
class Person:
    """A person of the civil register; `personal_number` is ten digits, `email` None when she gave none."""

    personal_number: str
    given_name: str
    family_name: str
    birthdate: date
    email: str | None
    language: Language


@dataclass(frozen=True, slots=True)
class Identity:
    """One sign-in: the person, who vouches for her (`issuer`, `subject`), how surely (`acr`) and since when.

    `sid` names her session at the provider, `id_token` is the verified token itself: both serve signing out.
    `lasts` is there where the provider decides how long a session lives, and has it kept alive.
    """

    issuer: str
    subject: str
    person: Person
    acr: Level
    auth_time: datetime
    sid: str | None
    id_token: str
    lasts: Lasting | None = None


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long a session lives at the provider: until `expires_at`, unless the refresh token renews it before."""

    refresh_token: str
    expires_at: datetime


def reaches(level: Level, minimum: Level) -> bool:
    """Tell whether `level` is at least `minimum`."""
    return LEVELS.index(level) >= LEVELS.index(minimum)
