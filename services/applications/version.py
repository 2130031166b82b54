"""The version of a definition that an application began with, kept for its whole life unless she moves her draft."""

from __future__ import annotations

from services.applications import store
from services.applications.application import Application
from services.applications.store import Connection
from services.catalogue.load import Catalogue, DefinitionError, catalogue
from services.catalogue.service import Service

_older: dict[tuple[str, int], Service] = {}  # what applications began with never changes


async def service_of(connection: Connection, application: Application) -> Service:
    """Return the service in the version that the application began with."""
    key = (application.service_id, application.service_version)
    service = catalogue().get(*key) or _older.get(key) or await store.definition(connection, *key)
    if service is None:
        raise LookupError(f"no definition of {key[0]} in version {key[1]}")
    _older[key] = service
    return service


async def keep(connection: Connection, definitions: Catalogue) -> None:
    """Keep every definition as it is now; to be called when the portal is migrated or starts.

    Raises DefinitionError for one whose content changed under a version that applications began with.
    """
    changed = [service for service in definitions.all() if not await store.keep_definition(connection, service)]
    if changed:
        raise DefinitionError(
            f"{service.area}/{service.id}.yaml: $.version: applications began with another version {service.version};"
            f" what changes needs version {service.version + 1}"
            for service in changed
        )
