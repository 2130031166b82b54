"""What casework tests share: someone who is known to the portal, and a queue that remembers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from services.applications import casework
from services.applications.application import Application
from services.applications.store import Connection
from tests.unit.applications.people import NOW, draft, service

Known = Callable[[Connection], Awaitable[UUID]]


class Queue:
    """Takes tasks as the portal's queue does, for looking at."""

    def __init__(self) -> None:
        self.tasks: list[tuple[str, str]] = []

    async def __call__(self, connection: Connection, task: str, payload: bytes) -> None:
        assert connection.is_in_transaction()
        self.tasks.append((task, payload.decode()))


@pytest.fixture
def queue() -> Queue:
    """Give an empty queue."""
    return Queue()


async def known(connection: Connection) -> UUID:
    """Return someone new whom the portal knows."""
    person_id = uuid7()
    await connection.execute(
        "INSERT INTO person (id, personal_number, given_name, family_name, birthdate, language, created_at)"
        " VALUES ($1, $2, 'Arta', 'Krasniqi', '1990-05-14', 'sq', $3)",
        person_id,
        f"{person_id.int % 10**10:010}",
        NOW,
    )
    return person_id


async def begun(connection: Connection, person_id: UUID, service_id: str, number: str, child: str = "") -> Application:
    """Return a draft as the portal begins one, with the facts about someone (and her child) fetched."""
    whole = draft(service_id, number, {"whom": child} if child else None)
    definition = service(service_id)
    return await casework.begin(connection, definition, person_id, "web", "sq", whole.facts, NOW)
