"""What once-only spared a person: fields not typed, documents not brought, and what that comes to in time and money.

The factors are ours and low on purpose; docs/decisions/0037 says where they come from and what would better them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from services.insight import store
from services.insight.store import Connection
from services.registers.facts import FACTS, Fact, item_rows

SECONDS_A_FIELD = 15  # to find, type and check one
MINUTES_A_DOCUMENT = 45  # the way to the office and the wait there
CENTS_A_DOCUMENT = 100  # the lowest fee of a civil status certificate: kosovo-facts §4, 1 to 3 euro


@dataclass(frozen=True, slots=True)
class Saving:
    """What was spared in a number of applications."""

    applications: int = 0
    fields: int = 0
    documents: int = 0

    @property
    def minutes(self) -> int:
        """Whole minutes that were spared."""
        return self.fields * SECONDS_A_FIELD // 60 + self.documents * MINUTES_A_DOCUMENT

    @property
    def cents(self) -> int:
        """Fees of documents that nobody had to buy."""
        return self.documents * CENTS_A_DOCUMENT

    def __add__(self, other: Saving) -> Saving:
        return Saving(
            self.applications + other.applications, self.fields + other.fields, self.documents + other.documents
        )


def of_application(facts: Iterable[Fact]) -> Saving:
    """Return what one application was spared: each fact is a document, and of a list one item would be typed."""
    known = [fact for fact in facts if fact.value and fact.name in FACTS]
    return Saving(1, sum(_fields(fact) for fact in known), len(known))


async def of(connection: Connection, person_id: UUID) -> dict[str, Saving]:
    """Return what a person's sent applications were spared, by service."""
    found: dict[str, Saving] = {}
    for service_id, facts in await store.sent(connection, person_id):
        found[service_id] = found.get(service_id, Saving()) + of_application(facts)
    return found


def total(savings: Iterable[Saving]) -> Saving:
    """Return all of it together."""
    return sum(savings, Saving())


def _fields(fact: Fact) -> int:
    item = fact.value[0] if FACTS[fact.name].many else fact.value
    return len(item_rows(fact.name, item, "en"))
