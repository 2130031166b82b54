"""An application keeps the version it began with, and a version does not change under it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from services.applications import casework, version
from services.applications.store import Connection
from services.catalogue.load import Catalogue, DefinitionError, catalogue
from tests.rooms.applications.conftest import known
from tests.unit.applications.people import ARTA, BIRTH, NOW, draft, service


async def test_a_draft_of_an_older_version_is_read_by_its_own_definition(connection: Connection) -> None:
    arta = await known(connection)
    older = replace(service(BIRTH), version=987_001, summary=service(BIRTH).names)
    begun = await casework.begin(connection, older, arta, "web", "sq", draft(BIRTH, ARTA).facts, NOW)
    assert await casework.service_of(connection, begun) == older
    answered = await casework.answer(connection, begun.id, arta, "whom", {"whom": ["self"]}, NOW)
    assert answered.service_version == older.version


async def test_definitions_are_kept_as_often_as_the_portal_starts(connection: Connection) -> None:
    await version.keep(connection, catalogue())
    await version.keep(connection, catalogue())


async def test_a_definition_may_change_until_someone_began_with_it(connection: Connection) -> None:
    new = replace(service(BIRTH), version=987_002)
    await version.keep(connection, Catalogue([new]))
    changed = replace(new, summary=new.names)
    await version.keep(connection, Catalogue([changed]))
    await casework.begin(connection, changed, await known(connection), "web", "sq", draft(BIRTH, ARTA).facts, NOW)
    await version.keep(connection, Catalogue([changed]))
    with pytest.raises(DefinitionError, match=r"civil/birth-extract.yaml: \$.version: .* needs version 987003"):
        await version.keep(connection, Catalogue([new]))


async def test_a_version_that_was_never_kept_is_a_fault_and_says_so(connection: Connection) -> None:
    with pytest.raises(LookupError, match="no definition of birth-extract in version 5555"):
        await casework.service_of(connection, draft(BIRTH, ARTA, service_version=5555))
