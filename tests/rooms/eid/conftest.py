"""Starts the registers and the eID once a session; gives each test a browser and the portal's client."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterator

import httpx
import pytest

from eid.client import Client, ClientSettings
from portal.demo.plan import ACCESS

from .hostile import Hostile, listening
from .parties import REGISTERS_TOKEN, Browser, RelyingParty, Running, an_eid, free_port, serving


@pytest.fixture(scope="session")
def registers(new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Give the state's registers with a small population."""
    port = free_port()
    environment = {
        "REGISTERS_URL": f"http://127.0.0.1:{port}",
        "REGISTERS_PORT": str(port),
        "REGISTERS_DATABASE_URL": new_database(),
        "REGISTERS_TOKENS": json.dumps({"XK/GOV/ASHI/eid": REGISTERS_TOKEN}),
        "REGISTERS_ACCESS": json.dumps({"XK/GOV/ASHI/eid": ACCESS["XK/GOV/ASHI/eid"]}),
    }
    log = tmp_path_factory.mktemp("registers") / "registers.log"
    party = Running(f"http://127.0.0.1:{port}", "services.registers.sandbox", environment, log)
    party.did("seed", "--people", "100")
    with serving(party):
        yield party


@pytest.fixture(scope="session")
def portal() -> RelyingParty:
    """Give the portal as the eID knows it."""
    return RelyingParty("portal")


@pytest.fixture(scope="session")
def eid(
    registers: Running,
    portal: RelyingParty,
    new_database: Callable[[], str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Running]:
    """Give the eID with the demo people and the portal as its client."""
    party = an_eid(new_database(), registers.url, tmp_path_factory.mktemp("eid"))
    party.did("pki", "init")
    party.did("seed")
    portal.register(party)
    with serving(party):
        yield party


@pytest.fixture(scope="session")
def faulty(
    registers: Running,
    portal: RelyingParty,
    new_database: Callable[[], str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Running]:
    """Give an eID of which wrong answers can be asked."""
    party = an_eid(new_database(), registers.url, tmp_path_factory.mktemp("faulty"), EID_FAULTS="1")
    party.did("pki", "init")
    party.did("seed")
    portal.register(party)
    with serving(party):
        yield party


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    """Give the portal's connections."""
    async with httpx.AsyncClient(trust_env=False) as connections:
        yield connections


@pytest.fixture
def client(eid: Running, portal: RelyingParty, http: httpx.AsyncClient) -> Client:
    """Give the portal's own client of the eID."""
    return Client(ClientSettings(eid.url, portal.client_id, portal.key), http)


@pytest.fixture
async def new_browser(eid: Running) -> AsyncIterator[Callable[[], Browser]]:
    """Give browsers, each of another citizen."""
    opened: list[Browser] = []

    def open_browser() -> Browser:
        opened.append(Browser(eid.url))
        return opened[-1]

    yield open_browser
    for browser in opened:
        await browser.close()


@pytest.fixture
def browser(new_browser: Callable[[], Browser]) -> Browser:
    """Give a citizen's browser."""
    return new_browser()


@pytest.fixture
def provider() -> Iterator[Hostile]:
    """Give a provider that answers rightly, until a test changes it."""
    with listening(Hostile()) as hostile:
        yield hostile
