"""A service may change between two releases, but not under the feet of those who have begun."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from i18n.text import Wording
from portal.database import connect_once
from portal.migrate import CannotMigrate, keep_definitions
from services.catalogue.load import Catalogue, catalogue
from services.catalogue.service import Service
from tests.rooms.applications.conftest import begun, known
from tests.unit.applications.people import ARTA, BIRTH


def _with(changed: Service) -> Catalogue:
    return Catalogue([changed if service.id == changed.id else service for service in catalogue().all()])


async def test_what_someone_has_begun_changes_only_with_a_new_version(fresh_database_url: str) -> None:
    await keep_definitions(fresh_database_url, catalogue())
    service = catalogue().get(BIRTH)
    assert service
    renamed = replace(service, names=Wording("Tjetër", "Drugo", "Another"))
    await keep_definitions(fresh_database_url, _with(renamed))  # nobody has begun
    await keep_definitions(fresh_database_url, catalogue())
    connection = await connect_once(fresh_database_url)
    async with connection.transaction():
        await begun(connection, await known(connection), BIRTH, ARTA)
    await connection.close()
    await keep_definitions(fresh_database_url, catalogue())
    with pytest.raises(CannotMigrate) as refused:
        await keep_definitions(fresh_database_url, _with(renamed))
    assert f"birth-extract.yaml: $.version: applications began with another version {service.version}" in str(
        refused.value
    )
    assert "\n" not in str(refused.value)
    await keep_definitions(fresh_database_url, _with(replace(renamed, version=service.version + 1)))


def test_the_command_keeps_them(fresh_database_url: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "portal", "migrate"],
        env=os.environ | {"DATABASE_URL": fresh_database_url},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "The database is up to date.\n")


async def test_after_it_ran_every_definition_is_kept(fresh_database_url: str, tmp_path: Path) -> None:
    test_the_command_keeps_them(fresh_database_url, tmp_path)
    connection = await connect_once(fresh_database_url)
    kept = await connection.fetch("SELECT service_id FROM definition")
    await connection.close()
    assert {row["service_id"] for row in kept} == {service.id for service in catalogue().all()}
