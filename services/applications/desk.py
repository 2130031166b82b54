"""What an office is called."""

from __future__ import annotations

from i18n.text import Wording
from services.catalogue.load import catalogue
from services.registers import municipality


def name(desk: str) -> Wording:
    """Return what a desk is called: the institution, and the municipality of its office there."""
    institution, _slash, place = desk.partition("/")
    whole = catalogue().institution(institution)
    if not place:
        return whole
    there = municipality.name(place)
    return Wording(*(f"{whole.say(language)}, {there.say(language)}" for language in ("sq", "sr", "en")))
