"""A service as it was given before: the certificate of residence, which knew one purpose more."""

from __future__ import annotations

from msgspec.structs import replace

from i18n.text import Wording
from services.catalogue.question import Choice, Option
from services.catalogue.service import Service
from tests.unit.applications.people import RESIDENCE, service

TRAVEL = Option("travel", Wording("Udhëtim", "Putovanje", "Travel"))


def older() -> Service:
    """Return its first version."""
    now = service(RESIDENCE)
    asked = now.section("purpose")
    assert asked is not None
    (purpose,) = asked.questions
    assert isinstance(purpose, Choice)
    before = replace(asked, questions=(replace(purpose, options=(*purpose.options, TRAVEL)),))
    return replace(now, version=1, sections=tuple(before if one == asked else one for one in now.sections))
