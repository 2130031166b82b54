"""What a fact of a register is a reason for: “because you have two vehicles”.

A fact without words here is no reason to suggest anything, so it is not read for that: what one owes, earns, or was
convicted of.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from i18n.text import Text, _, n_
from services.registers.source import FACTS

# A fact that the register holds → why it suggests something. Of a list, its length is said.
_MANY: Mapping[str, Callable[[int], Text]] = {
    "children": lambda count: n_(
        "Because you have %(count)s child under 18", "Because you have %(count)s children under 18", count
    ),
    "marriages": lambda count: n_(
        "Because %(count)s marriage of yours is on record", "Because %(count)s marriages of yours are on record", count
    ),
    "documents": lambda count: n_(
        "Because you have %(count)s identity document", "Because you have %(count)s identity documents", count
    ),
    "vehicles": lambda count: n_("Because you have %(count)s vehicle", "Because you have %(count)s vehicles", count),
    "businesses": lambda count: n_(
        "Because you take part in %(count)s business", "Because you take part in %(count)s businesses", count
    ),
    "properties": lambda count: n_("Because you own %(count)s property", "Because you own %(count)s properties", count),
    "property_tax": lambda count: n_(
        "Because you have %(count)s property tax bill", "Because you have %(count)s property tax bills", count
    ),
    "employment": lambda count: n_(
        "Because %(count)s employment of yours is on record",
        "Because %(count)s employments of yours are on record",
        count,
    ),
    "pensions": lambda count: n_("Because you draw %(count)s pension", "Because you draw %(count)s pensions", count),
    "diplomas": lambda count: n_("Because you have %(count)s diploma", "Because you have %(count)s diplomas", count),
}
_ONE: Mapping[str, Text] = {
    "licence": _("Because you have a driving licence"),
    "jobseeker": _("Because you are registered as seeking work"),
    "enrolment": _("Because you attend a school or a university"),
    "insurance": _("Because you have health insurance"),
}
# Nearly everyone has them: they open a service, but say nothing of this person.
_EVERYONES = ("person", "address")

READ = (*_EVERYONES, *_MANY, *_ONE)


def because(fact: str, value: Any) -> Text | None:  # noqa: ANN401 - JSON
    """Return why a fact suggests something; None where it is one that nearly everyone has."""
    if fact in _EVERYONES or fact not in READ:
        return None
    if not value:
        return _("Because the register holds nothing under “%(fact)s”", fact=FACTS[fact].label)
    return _MANY[fact](len(value)) if fact in _MANY else _ONE[fact]
