"""What people do with favourites: mark a service, take the mark away, find what they marked."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from i18n.refusal import NotFound
from services.catalogue.load import catalogue
from services.catalogue.service import Service
from services.favourites import store
from services.favourites.store import Connection


async def mark(connection: Connection, person_id: UUID, service: str, now: datetime) -> None:
    """Mark a service; marked twice it stands once. NotFound for one that is not given."""
    if catalogue().get(service) is None:
        raise NotFound
    await store.add(connection, person_id, service, now)


async def unmark(connection: Connection, person_id: UUID, service: str) -> None:
    """Take a mark away, also that of a service that is not given any more."""
    await store.remove(connection, person_id, service)


async def of(connection: Connection, person_id: UUID) -> list[Service]:
    """Return the services that a person marked, the last one first; what is not given any more is not shown."""
    found = (catalogue().get(service) for service in await store.of(connection, person_id))
    return [service for service in found if service]
