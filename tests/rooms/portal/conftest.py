"""The portal with its outside parties as real processes, and people who visit it by HTTP."""

from __future__ import annotations

import json
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from portal.database import Database, open_database
from portal.demo.plan import INSTITUTIONS, Plan
from portal.registration import registration
from portal.settings import DatabaseSettings
from tests.parties import Running
from tests.rooms.portal.visitor import Visitor


@pytest.fixture(scope="session")
def prepared(plan: Plan) -> Plan:
    """Give the plan once every party has its tables, keys and people."""
    seals, client = str(plan.directory / "seals"), plan.directory / "client.json"
    key = plan.keys.private_key("PORTAL_EID_CLIENT_KEY")
    client.write_text(json.dumps(registration(plan.address("portal"), "portal", key)))
    for party, arguments in [
        ("portal", ("migrate",)),
        ("payments", ("migrate",)),
        ("registers", ("migrate",)),
        ("registers", ("seed", "--people", "100")),
        ("eid", ("migrate",)),
        ("eid", ("client", "add", "--file", str(client))),
        ("eid", ("pki", "init")),
        *(
            ("eid", ("pki", "seal", "--institution", id_, "--name", n, "--out", seals))
            for id_, n in INSTITUTIONS.items()
        ),
    ]:
        _run(plan, party, *arguments)
    return plan


@pytest.fixture(scope="session")
def town(prepared: Plan, party: Callable[..., Running]) -> Iterator[Plan]:
    """Give the portal and its three outside parties while they serve; no worker."""
    for name in ("registers", "payments", "eid", "portal"):
        party(name)
    _run(prepared, "eid", "seed")  # the eID asks the registers whom it enrols
    yield prepared


@pytest.fixture
async def memory(prepared: Plan) -> AsyncIterator[Database]:
    """Give the database of that portal, to look at it and to let time pass in it."""
    database = await open_database(DatabaseSettings(database_url=prepared.databases["portal"]))
    yield database
    await database.close()


@pytest.fixture
async def new_visitor(town: Plan) -> AsyncIterator[Callable[[], Visitor]]:
    """Give browsers, each of another visitor."""
    opened: list[Visitor] = []

    def open_browser() -> Visitor:
        opened.append(Visitor(town.address("portal"), town.address("eid")))
        return opened[-1]

    yield open_browser
    for visitor in opened:
        await visitor.close()


@pytest.fixture
def visitor(new_visitor: Callable[[], Visitor]) -> Visitor:
    """Give one browser at the portal."""
    return new_visitor()


def _run(plan: Plan, party: str, *arguments: str) -> None:
    subprocess.run(plan.command(party, *arguments), env=plan.environment(party), check=True, capture_output=True)
