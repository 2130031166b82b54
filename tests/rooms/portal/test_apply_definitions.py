"""A service may change between two releases, but not under the feet of those who have begun."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from i18n.text import Wording
from portal.database import connect_once
from portal.migrate import CannotMigrate, keep_definitions
from services.catalogue.load import Catalogue, catalogue
from services.catalogue.service import Service
from tests.rooms.applications.conftest import begun, known
from tests.rooms.portal.answering import answers
from tests.rooms.portal.sheets import withdraws
from tests.rooms.portal.visitor import ARTA as ARTAS
from tests.rooms.portal.visitor import BESNIK, DRITA, EMINE, MILICA, Visitor, section_of
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


# What the rules refuse to each of the five, by their age and work, or for the first of what they own.
ONLY_REFUSED = {
    *("basic-pension", "family-pension", "unemployment-attestation"),
    *("driving-licence-renewal", "primary-residence-deduction", "property-tax-payment", "vehicle-deregistration"),
}


async def test_each_service_leads_somebody_to_the_check_and_asks_nothing_that_cannot_be_answered(
    new_visitor: Callable[[], Visitor],
) -> None:
    people = [new_visitor() for _number in range(5)]
    for visitor, number in zip(people, (ARTAS, BESNIK, MILICA, DRITA, EMINE), strict=True):
        await visitor.signs_in(number)
    open_ones = {service.id: service for service in catalogue().all()}
    for visitor in people:
        let_through = await asyncio.gather(*(_may_apply(visitor, service) for service in open_ones.values()))
        for service_id, may in zip(list(open_ones), let_through, strict=True):
            if may:
                del open_ones[service_id]
    assert set(open_ones) == ONLY_REFUSED


async def _may_apply(visitor: Visitor, service: Service) -> bool:
    """Apply as a person does who answers whatever she is asked; tell whether no rule of the service is in the way."""
    page = await visitor.begins(service.id)
    for _page in range(8):
        if section_of(page) == "check":
            break
        page = await visitor.answers(page, **answers(page, service))
        assert page.status_code == 200, f"{service.id}: {page.text}"
    assert section_of(page) == "check", f"no way through {service.id}: {page.url}"
    await withdraws(visitor, page)
    return 'id="stop-title"' not in page.text
